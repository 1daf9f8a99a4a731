namespace Gateway.Core.Audit.Verification;

/// <summary>Some whole lines of a segment, and after their inspection the facts about them. Blocks are inspected independently of each other.</summary>
internal sealed class LineBlock
{
    /// <summary>Above the longest record that the gateway writes.</summary>
    public const int MaxLine = 4 * 1024 * 1024;

    /// <summary>Each costs an exception: a file of nothing but line feeds must not take hours.</summary>
    private const int MaxFaults = 1000;

    private const int Usual = 1024 * 1024;

    private readonly List<LineFacts> _facts = [];
    private byte[] _buffer = new byte[ChainValue.Bytes + Usual];

    /// <summary>Bytes of whole lines.</summary>
    public int Length { get; set; }

    public IReadOnlyList<LineFacts> Facts => _facts;

    /// <summary>The chain value that the line before the first carries; null where it cannot be known.</summary>
    public ChainValue? Previous { get; set; }

    /// <summary>Whether instead of lines there is one that is too long to look at.</summary>
    public bool IsTooLong { get; set; }

    /// <summary>Whether inspection was given up after too many lines that cannot be read.</summary>
    public bool IsHopeless { get; private set; }

    /// <summary>All there is to read into.</summary>
    public Memory<byte> Space => _buffer.AsMemory(ChainValue.Bytes);

    /// <summary>Whether a copy of the first line is wanted.</summary>
    public bool KeepsFirstLine { get; set; }

    /// <summary>Room and first line, with zeros for the line's digits; null where it was not wanted.</summary>
    public byte[]? FirstLine { get; private set; }

    /// <summary>Makes more space; false where there is as much as the longest line needs.</summary>
    public bool TryGrow()
    {
        if (Space.Length > MaxLine)
        {
            return false;
        }

        Array.Resize(ref _buffer, ChainValue.Bytes + Math.Min(2 * Space.Length, MaxLine + 1));
        return true;
    }

    public void Inspect()
    {
        _facts.Clear();
        IsHopeless = false;
        FirstLine = null;
        if (IsTooLong)
        {
            _facts.Add(new LineFacts { Fault = LineFault.TooLong });
            return;
        }

        var faults = 0;
        var previous = Previous;
        for (int start = 0, length; start < Length; start += length + 1)
        {
            length = Space.Span[start..Length].IndexOf((byte)'\n');

            // The room for the chain value is the end of the line before, which nobody needs any more.
            var facts = LineInspector.Inspect(_buffer.AsSpan(start, ChainValue.Bytes + length), previous);
            previous = facts.Chain;
            if (start == 0 && KeepsFirstLine)
            {
                FirstLine = _buffer[..(ChainValue.Bytes + length)];
            }

            _facts.Add(facts);
            if (facts.Fault != LineFault.None && ++faults >= MaxFaults)
            {
                IsHopeless = true;
                return;
            }
        }
    }
}
