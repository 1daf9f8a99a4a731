namespace Gateway.Core.Audit.Verification;

/// <summary>Statements from outside the records, which the record that each is about is held against when it comes by.</summary>
internal sealed class WatchedStatements
{
    private readonly List<(Statement Statement, string Name)> _byRecord;
    private int _next;

    public WatchedStatements(IEnumerable<(Statement Statement, string Name)> statements) =>
        _byRecord = [.. statements.OrderBy(watched => watched.Statement.Sequence)];

    public IReadOnlyList<(Statement Statement, string Name)> All => _byRecord;

    /// <summary>Those about this record; records must be asked for in order.</summary>
    public IEnumerable<(Statement Statement, string Name)> About(long sequence)
    {
        while (_next < _byRecord.Count && _byRecord[_next].Statement.Sequence < sequence)
        {
            _next++;
        }

        for (; _next < _byRecord.Count && _byRecord[_next].Statement.Sequence == sequence; _next++)
        {
            yield return _byRecord[_next];
        }
    }
}
