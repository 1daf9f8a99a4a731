using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Core.Audit.Index;

/// <summary>Takes out of a line of the log what calls are looked for by, wherever in the event it stands.</summary>
internal ref struct CallFactsReader
{
    private const int ApiActivity = 6003;
    private const int Authentication = 3002;

    private Utf8JsonReader _json;
    private long _class;
    private long _sequence;
    private long _time;
    private long _action;
    private string? _call;
    private string? _agent;
    private string? _claimedAgent;
    private string? _tool;
    private string? _decision;
    private string? _reason;
    private string? _task;

    private CallFactsReader(ReadOnlySpan<byte> line)
    {
        _json = new Utf8JsonReader(line);
    }

    /// <returns>False where the line is no event of a call: another class, or no event at all.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out CallFacts? facts)
    {
        facts = null;
        var reader = new CallFactsReader(line);
        try
        {
            reader.ReadEvent();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, or a member of another type: somebody else wrote it.
            return false;
        }

        facts = reader.Facts();
        return facts is not null;
    }

    private readonly CallFacts? Facts()
    {
        if (_class is not (ApiActivity or Authentication) || _call is null || _sequence <= 0)
        {
            return null;
        }

        var agent = _class == Authentication ? _claimedAgent : _agent;
        return new CallFacts(_sequence, _call, _time, agent, _tool, _decision is null ? _action == CallOutcome.Allowed : _decision == "allow", _reason, _task);
    }

    private void ReadEvent()
    {
        _json.Read();
        while (NextMember())
        {
            if (Take("class_uid"u8))
            {
                _class = _json.GetInt64();
            }
            else if (Take("time"u8))
            {
                _time = _json.GetInt64();
            }
            else if (Take("action_id"u8))
            {
                _action = _json.GetInt64();
            }
            else if (Enter("metadata"u8))
            {
                ReadMetadata();
            }
            else if (Enter("actor"u8))
            {
                ReadText("app_uid"u8, ref _agent);
            }
            else if (Enter("user"u8))
            {
                ReadText("uid"u8, ref _claimedAgent);
            }
            else if (Enter("api"u8))
            {
                ReadApi();
            }
            else if (Enter("unmapped"u8))
            {
                ReadUnmapped();
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void ReadMetadata()
    {
        while (NextMember())
        {
            if (Take("uid"u8))
            {
                _call = _json.GetString();
            }
            else if (Take("correlation_uid"u8))
            {
                _task = _json.GetString();
            }
            else if (Take("sequence"u8))
            {
                _sequence = _json.GetInt64();
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void ReadApi()
    {
        while (NextMember())
        {
            if (Enter("service"u8))
            {
                ReadText("name"u8, ref _tool);
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void ReadUnmapped()
    {
        while (NextMember())
        {
            if (Enter("gateway"u8))
            {
                ReadOwn();
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void ReadOwn()
    {
        while (NextMember())
        {
            if (Take("reason"u8))
            {
                _reason = _json.GetString();
            }
            else if (Take("decision"u8))
            {
                _decision = _json.GetString();
            }
            else if (Take("tool"u8))
            {
                _tool = _json.GetString();
            }
            else
            {
                _json.Skip();
            }
        }
    }

    /// <summary>Reads one text of the object that begins here.</summary>
    private void ReadText(ReadOnlySpan<byte> name, ref string? value)
    {
        while (NextMember())
        {
            if (Take(name))
            {
                value = _json.GetString();
            }
            else
            {
                _json.Skip();
            }
        }
    }

    /// <summary>On to the next member's name; false behind the object's last one.</summary>
    private bool NextMember() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName;

    /// <summary>If the member has this name, into its object.</summary>
    private bool Enter(ReadOnlySpan<byte> name)
    {
        if (!Take(name))
        {
            return false;
        }

        return _json.TokenType == JsonTokenType.StartObject ? true : throw new FormatException("An object is expected.");
    }

    /// <summary>If the member has this name, on to its value.</summary>
    private bool Take(ReadOnlySpan<byte> name) => _json.ValueTextEquals(name) && _json.Read();
}
