using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Audit.Verification;

/// <summary>Finds out of one line all that can be said without knowing the others, and whether it continues the one before.</summary>
internal static class LineInspector
{
    private static ReadOnlySpan<byte> Marker => "\"chain_sha256\":\""u8;

    /// <param name="buffer">The line without its line feed, after as many bytes of room as a chain value has. Both are overwritten.</param>
    /// <param name="previous">The chain value that the line before carries; null where that cannot be known.</param>
    public static LineFacts Inspect(Span<byte> buffer, ChainValue? previous)
    {
        var line = buffer[ChainValue.Bytes..];
        if (line.IsEmpty)
        {
            return new LineFacts { Fault = LineFault.Empty };
        }

        if (!Ascii.IsValid(line))
        {
            return new LineFacts { Fault = LineFault.NotAscii, Chain = FindChain(line) };
        }

        var parser = new LineParser(line);
        if (parser.Parse() is not LineFault.None and var fault)
        {
            return new LineFacts { Fault = fault, Chain = FindChain(line) };
        }

        var chainAt = parser.ChainAt;
        if (chainAt != line.IndexOf(Marker) + Marker.Length
            || line[chainAt..].IndexOf(Marker) >= 0
            || line.Length < chainAt + ChainValue.Digits + 1
            || line[chainAt + ChainValue.Digits] != '"'
            || !ChainValue.TryParse(line.Slice(chainAt, ChainValue.Digits), out var chain))
        {
            return new LineFacts { Fault = LineFault.NoChain };
        }

        return new LineFacts
        {
            Sequence = parser.Sequence,
            Class = parser.Class,
            LoggedTime = parser.LoggedTime,
            Chain = chain,
            Place = parser.Place,
            Statement = parser.Statement,
            Link = Link(buffer, chainAt, previous, chain),
        };
    }

    /// <summary>The chain value that the last of these lines carries.</summary>
    public static ChainValue? FindLastChain(ReadOnlySpan<byte> lines)
    {
        var body = lines.EndsWith("\n"u8) ? lines[..^1] : lines;
        return FindChain(body[(body.LastIndexOf((byte)'\n') + 1)..]);
    }

    private static LineLink Link(Span<byte> buffer, int chainAt, ChainValue? previous, ChainValue chain)
    {
        buffer.Slice(ChainValue.Bytes + chainAt, ChainValue.Digits).Fill((byte)'0');
        if (previous is not { } value)
        {
            return LineLink.Unknown;
        }

        return Follows(buffer, value, chain) ? LineLink.Right : LineLink.Wrong;
    }

    /// <param name="buffer">Room and a line in which the digits are zeros.</param>
    /// <param name="previous">The chain value of the record before.</param>
    /// <param name="chain">The chain value that the line carries.</param>
    public static bool Follows(Span<byte> buffer, ChainValue previous, ChainValue chain)
    {
        Span<byte> hash = stackalloc byte[ChainValue.Bytes];
        previous.CopyTo(buffer);
        SHA256.HashData(buffer, hash);
        return ChainValue.From(hash) == chain;
    }

    private static ChainValue? FindChain(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf(Marker);
        return at >= 0
            && line.Length >= at + Marker.Length + ChainValue.Digits
            && ChainValue.TryParse(line.Slice(at + Marker.Length, ChainValue.Digits), out var chain) ? chain : null;
    }
}
