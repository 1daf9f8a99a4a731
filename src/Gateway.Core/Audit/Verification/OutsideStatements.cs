namespace Gateway.Core.Audit.Verification;

/// <summary>What is known of the log from outside its records: <c>calls.head</c> and statements kept elsewhere.</summary>
internal sealed class OutsideStatements
{
    private readonly LogReport _report;
    private readonly Statement? _head;
    private readonly List<string> _problems = [];

    public OutsideStatements(Statement? head, IReadOnlyList<string> kept, StatementReader statements, LogReport report)
    {
        _report = report;
        _head = head;
        var watched = new List<(Statement Statement, string Name)>();
        if (head is not null)
        {
            watched.Add((head, LogDirectory.HeadName));
        }

        foreach (var result in kept.Select(statements.Read))
        {
            if (result.IsRight)
            {
                watched.Add((result.Value, $"a statement kept elsewhere (about record {result.Value.Sequence})"));
            }
            else
            {
                _problems.Add(result.Problem);
            }
        }

        // The head comes first in the list, and the last word is that of what was kept elsewhere.
        Log = watched.Count > 0 ? watched[^1].Statement.Log : null;
        Watched = new WatchedStatements(watched);
    }

    public WatchedStatements Watched { get; }

    /// <summary>The log's id, as what was kept elsewhere has it, or else <c>calls.head</c>; null where there is neither.</summary>
    public Guid? Log { get; }

    /// <summary>Once all records have been looked at.</summary>
    public void Judge(RecordWalk records, bool hasHead, string? headProblem)
    {
        var last = _report.LastSequence;
        var head = new LogPosition(LogDirectory.HeadName, 0);
        _report.Head = _head?.Sequence;
        if (headProblem is not null)
        {
            records.ReportSince(FindingKind.Signature, last + 1, head, $"it {headProblem}: nothing shows that the log's end was not cut off");
        }
        else if (!hasHead && records.LastKind != StatementKind.Closing)
        {
            records.ReportSince(FindingKind.Truncated, last + 1, head, "it is missing, and the log does not end with a closing statement: its end may have been cut off");
        }

        foreach (var problem in _problems)
        {
            _report.Findings.Add(new Finding(FindingKind.Signature, 0, 0, null, 0, $"a statement kept elsewhere {problem}"));
        }

        foreach (var (statement, name) in Watched.All)
        {
            Judge(statement, name, records, last);
        }

        if (_report.Records > 0 && records.Log is null)
        {
            records.ReportSince(FindingKind.Signature, last, default, "no record of the log is vouched for by a statement that verifies");
        }
    }

    private void Judge(Statement statement, string name, RecordWalk records, long last)
    {
        if (statement.Log != (records.Log ?? statement.Log))
        {
            records.ReportSince(FindingKind.Foreign, last + 1, default, $"{name} is about another log");
        }
        else if (statement.Sequence > last)
        {
            records.Report(FindingKind.Truncated, last + 1, statement.Sequence, default, $"the end is missing: {name} vouches for records up to {statement.Sequence}");
        }
        else if (statement != _head && statement.Sequence < _report.FirstSequence)
        {
            _report.KeptGone++;
        }
    }
}
