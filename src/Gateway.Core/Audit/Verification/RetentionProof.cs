namespace Gateway.Core.Audit.Verification;

/// <summary>Whether the log may begin later than with record 1: only a statement about the record before says so.</summary>
internal sealed class RetentionProof
{
    private byte[]? _firstLine;
    private ChainValue? _firstChain;
    private Statement? _newest;

    public long First { get; private set; } = 1;

    /// <summary>The last deleted record that a statement names.</summary>
    public long Deleted => _newest?.Sequence ?? 0;

    public void Begin(long first) => First = first;

    /// <param name="line">Room and the first line, with zeros for its digits.</param>
    /// <param name="chain">The chain value that it carries.</param>
    public void Keep(byte[] line, ChainValue? chain)
    {
        _firstLine = line;
        _firstChain = chain;
    }

    /// <summary>Those about records that are on file announce a deletion that did not come to pass.</summary>
    public void Add(Statement statement)
    {
        if (statement.Sequence < First && statement.Sequence > Deleted)
        {
            _newest = statement;
        }
    }

    public void Judge(RecordWalk records, LogPosition at)
    {
        if (First == 1)
        {
            return;
        }

        if (Deleted < First - 1)
        {
            records.Report(FindingKind.Missing, Deleted + 1, First - 1, at, "the log begins later, and no retention statement accounts for that");
        }
        else if (_newest is { } statement && _firstLine is { } line && _firstChain is { } chain && !LineInspector.Follows(line, statement.Chain, chain))
        {
            records.Report(FindingKind.Altered, First, at, "the first line on file does not continue the chain of the records that retention deleted");
        }
    }
}
