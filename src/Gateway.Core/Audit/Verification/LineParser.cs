using System.Text;
using System.Text.Json;

namespace Gateway.Core.Audit.Verification;

/// <summary>Reads the few members of an event that verification depends on, each of which may be there only once.</summary>
internal ref struct LineParser(ReadOnlySpan<byte> line)
{
    /// <summary>Far below what <see cref="long"/> holds, so that no sequence number can overflow.</summary>
    private const long MaxSequence = 1L << 53;

    private const int MaxStatement = 4096;

    private readonly ReadOnlySpan<byte> _line = line;
    private Utf8JsonReader _reader = new(line);
    private Member _seen;
    private int _statementAt;
    private int _statementLength;

    [Flags]
    private enum Member
    {
        None = 0,
        Class = 1,
        Metadata = 2,
        Sequence = 4,
        LoggedTime = 8,
        Unmapped = 16,
        Gateway = 32,
        Chain = 64,
        Entity = 128,
        EntityType = 256,
        Data = 512,
        Statement = 1024,
    }

    public LineFault Fault { get; private set; }

    public long Class { get; private set; }

    public long Sequence { get; private set; }

    public long LoggedTime { get; private set; }

    /// <summary>Where the digits of the chain value begin; 0 where there are none.</summary>
    public int ChainAt { get; private set; }

    public StatementPlace Place { get; private set; }

    public readonly string? Statement => Place == StatementPlace.None ? null : Encoding.ASCII.GetString(_line.Slice(_statementAt, _statementLength));

    public LineFault Parse()
    {
        try
        {
            ReadEvent();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for half of a surrogate pair, escaped, in a name.
            return Fault = LineFault.NotJson;
        }

        if (Fault != LineFault.None)
        {
            return Fault;
        }

        return Fault = (Sequence is < 1 or > MaxSequence) ? LineFault.NoSequence
            : ChainAt == 0 ? LineFault.NoChain
            : Place != StatementPlace.None && _statementLength == 0 ? LineFault.BadStatement
            : LineFault.None;
    }

    private void ReadEvent()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            Fault = LineFault.NotJson;
            return;
        }

        while (NextMember())
        {
            if (Is("class_uid"u8, Member.Class))
            {
                Class = ReadNumber();
            }
            else if (Is("metadata"u8, Member.Metadata))
            {
                ReadMetadata();
            }
            else if (Is("unmapped"u8, Member.Unmapped))
            {
                ReadUnmapped();
            }
            else if (Is("entity"u8, Member.Entity))
            {
                ReadEntity();
            }
            else
            {
                _reader.Skip();
            }
        }

        // Notices whatever follows the event.
        _reader.Read();
    }

    private void ReadMetadata()
    {
        for (var isObject = Enter(); isObject && NextMember();)
        {
            if (Is("sequence"u8, Member.Sequence))
            {
                Sequence = ReadNumber();
            }
            else if (Is("logged_time"u8, Member.LoggedTime))
            {
                LoggedTime = ReadNumber();
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadUnmapped()
    {
        for (var isObject = Enter(); isObject && NextMember();)
        {
            if (!Is("gateway"u8, Member.Gateway))
            {
                _reader.Skip();
                continue;
            }

            for (var isInner = Enter(); isInner && NextMember();)
            {
                if (Is("chain_sha256"u8, Member.Chain))
                {
                    _reader.Read();
                    ChainAt = _reader.TokenType == JsonTokenType.String ? (int)_reader.TokenStartIndex + 1 : 0;
                }

                _reader.Skip();
            }
        }
    }

    private void ReadEntity()
    {
        for (var isObject = Enter(); isObject && NextMember();)
        {
            if (Is("type"u8, Member.EntityType))
            {
                _reader.Read();
                Place = _reader.TokenType != JsonTokenType.String ? StatementPlace.None
                    : _reader.ValueTextEquals("Audit Checkpoint"u8) ? StatementPlace.Checkpoint
                    : _reader.ValueTextEquals("Audit Segment"u8) ? StatementPlace.Retention
                    : StatementPlace.None;
                _reader.Skip();
            }
            else if (Is("data"u8, Member.Data))
            {
                ReadData();
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadData()
    {
        for (var isObject = Enter(); isObject && NextMember();)
        {
            if (Is("statement"u8, Member.Statement))
            {
                _reader.Read();
                if (_reader.TokenType == JsonTokenType.String && !_reader.ValueIsEscaped && _reader.ValueSpan.Length <= MaxStatement)
                {
                    _statementAt = (int)_reader.TokenStartIndex + 1;
                    _statementLength = _reader.ValueSpan.Length;
                }
            }

            _reader.Skip();
        }
    }

    /// <summary>Steps into the value if it is an object, else over it.</summary>
    private bool Enter()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        _reader.Skip();
        return false;
    }

    private bool NextMember() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Compares what the name means: one with escapes is the same name.</summary>
    private bool Is(ReadOnlySpan<byte> name, Member member)
    {
        if (!_reader.ValueTextEquals(name))
        {
            return false;
        }

        if (_seen.HasFlag(member))
        {
            Fault = LineFault.DuplicateKey;
        }

        _seen |= member;
        return true;
    }

    private long ReadNumber()
    {
        _reader.Read();
        var number = _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var value) ? value : 0;
        _reader.Skip();
        return number;
    }
}
