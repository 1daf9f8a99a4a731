namespace Gateway.Core.Audit.Verification;

/// <summary>Looks at records in their order: their chain, and what the statements among them say about it.</summary>
/// <remarks>
/// The chain alone proves nothing: it needs no key, and whoever changes a record can make it anew. A statement proves that
/// nothing up to its record was changed, and where it disagrees, any record since the last one that agreed may be it.
/// </remarks>
internal sealed class RecordWalk(LogReport report, StatementReader statements, OutsideStatements outside, RetentionProof retention)
{
    private ChainValue? _chain;
    private long _verified;
    private long? _damage;
    private long _oldestUnsigned;
    private string? _segment;
    private StatementKind _lastKind;
    private bool _mustOpen;

    /// <summary>The log's id, as the outside or else its first valid statement has it; null where there is none.</summary>
    public Guid? Log { get; private set; } = outside.Log;

    /// <summary>The last record that a valid statement vouches for.</summary>
    public long Verified => _verified;

    public StatementKind LastKind => _lastKind;

    public void Begin(long first)
    {
        _verified = first - 1;
        _chain = first == 1 ? default(ChainValue) : null;
    }

    /// <summary>Passes over a record that is there and cannot be judged.</summary>
    /// <param name="chain">The chain value that it carries; null where that cannot be known.</param>
    public void Skip(ChainValue? chain)
    {
        _chain = chain;
        _lastKind = StatementKind.None;
    }

    public void NoteDamage(long sequence) => _damage = Math.Min(_damage ?? long.MaxValue, sequence);

    public void Report(FindingKind kind, long sequence, LogPosition at, string text) => Report(kind, sequence, sequence, at, text);

    public void Report(FindingKind kind, long first, long last, LogPosition at, string text)
    {
        NoteDamage(first);
        report.Findings.Add(new Finding(kind, first, last, at.Segment, at.Line, text));
    }

    /// <summary>Reports what cannot be pinned to one record: it is one since the last that a valid statement vouches for.</summary>
    public void ReportSince(FindingKind kind, long last, LogPosition at, string text)
    {
        var first = Math.Min(_damage ?? (_verified + 1), last);
        Report(kind, first, last, at, text);
    }

    /// <summary>Whether a statement from outside the records says that this record has this chain value.</summary>
    public bool IsVouchedFor(long sequence, ChainValue? chain) =>
        outside.Watched.All.Any(each => each.Statement.Sequence == sequence && each.Statement.Chain == chain);

    /// <param name="line">A line without a fault.</param>
    /// <param name="at">Where it is.</param>
    /// <param name="isNext">Whether the line before it holds the record before it.</param>
    public void Accept(in LineFacts line, LogPosition at, bool isNext)
    {
        var sequence = line.Sequence;
        Count(line);
        var isAltered = isNext && line.Link == LineLink.Wrong;
        if (isAltered)
        {
            Report(FindingKind.Altered, sequence, at, "the chain is wrong: the line, or the chain value of the line before, was changed");
        }

        var kind = line.Place == StatementPlace.None ? StatementKind.None
            : isAltered ? CheckAltered(line)
            : Check(line, at, isNext ? _chain : null);
        CheckOrder(line, at, kind, isNext && !isAltered);
        _lastKind = kind;
        _mustOpen = kind == StatementKind.Closing;
        _chain = line.Chain;
        foreach (var (statement, name) in outside.Watched.About(sequence))
        {
            CheckWatched(statement, name, at);
        }
    }

    private void Count(in LineFacts line)
    {
        report.Records++;
        var known = line.Class is 6003 or 3002 or 3004 or 2004 ? line.Class : 0;
        report.Classes[known] = report.Classes.GetValueOrDefault(known) + 1;
        if (report.Records == 1)
        {
            report.FirstTime = line.LoggedTime;
        }

        report.LastTime = line.LoggedTime;
        _oldestUnsigned = _oldestUnsigned == 0 ? line.LoggedTime : _oldestUnsigned;
    }

    /// <returns>The statement's kind; none where it is wrong.</returns>
    private StatementKind Check(in LineFacts line, LogPosition at, ChainValue? before)
    {
        var result = statements.Read(line.Statement ?? "");
        if (!result.IsRight)
        {
            ReportSince(FindingKind.Signature, line.Sequence, at, $"the statement {result.Problem}");
            return StatementKind.None;
        }

        var statement = result.Value;
        Log ??= statement.Log;
        if (statement.Log != Log)
        {
            ReportSince(FindingKind.Foreign, line.Sequence, at, "the statement is one of another log");
        }
        else if (line.Place == StatementPlace.Retention)
        {
            return CheckRetention(statement, line, at);
        }
        else if (statement.Kind is StatementKind.Retention or StatementKind.Head || statement.Sequence != line.Sequence - 1)
        {
            ReportSince(FindingKind.Foreign, line.Sequence, at, $"the statement belongs elsewhere: it is about record {statement.Sequence}");
        }
        else if (before is { } chain && chain != statement.Chain)
        {
            ReportSince(FindingKind.Altered, Math.Max(statement.Sequence, 1), at, $"what was signed about record {statement.Sequence} is not what is on file");
        }
        else
        {
            Confirm(statement);
            return statement.Kind;
        }

        return StatementKind.None;
    }

    /// <summary>A statement in a changed line says nothing of the line, yet its signature goes on vouching for what was deleted.</summary>
    private StatementKind CheckAltered(in LineFacts line)
    {
        if (line.Place == StatementPlace.Retention && statements.Read(line.Statement ?? "") is { IsRight: true, Value: { Kind: StatementKind.Retention } statement } && statement.Log == (Log ?? statement.Log))
        {
            retention.Add(statement);
        }

        return StatementKind.None;
    }

    private StatementKind CheckRetention(Statement statement, in LineFacts line, LogPosition at)
    {
        if (statement.Kind != StatementKind.Retention || statement.Sequence >= line.Sequence)
        {
            ReportSince(FindingKind.Foreign, line.Sequence, at, "the statement about deleted records belongs elsewhere");
            return StatementKind.None;
        }

        report.Checkpoints++;
        retention.Add(statement);
        return StatementKind.Retention;
    }

    private void Confirm(Statement statement)
    {
        report.Checkpoints++;
        _verified = Math.Max(_verified, statement.Sequence);
        _damage = null;

        // A process that was killed leaves records to the next one's opening statement, however long that takes.
        if (statement.Kind != StatementKind.Opening && _oldestUnsigned > 0)
        {
            report.LongestUnsigned = Math.Max(report.LongestUnsigned, statement.Time - _oldestUnsigned);
        }

        _oldestUnsigned = 0;
    }

    private void CheckOrder(in LineFacts line, LogPosition at, StatementKind kind, bool isSound)
    {
        var beginsSegment = at.Segment != _segment;
        var isFirstSegment = _segment is null;
        _segment = at.Segment;
        if (!isSound || kind == StatementKind.Opening)
        {
            return;
        }

        if (line.Sequence == 1)
        {
            Report(FindingKind.Missing, 1, at, "the log does not begin with an opening statement");
        }
        else if (_mustOpen)
        {
            ReportSince(FindingKind.Altered, line.Sequence, at, "the gateway had stopped, and no opening statement of another start comes before this record");
        }
        else if (beginsSegment && !isFirstSegment && _damage is null && _lastKind is not (StatementKind.Rotation or StatementKind.Closing))
        {
            Report(FindingKind.File, line.Sequence, at, "the segment begins where no other ended: lines were moved between files");
        }
    }

    private void CheckWatched(Statement statement, string name, LogPosition at)
    {
        if (statement.Log != (Log ?? statement.Log))
        {
            // Said once all records have been looked at.
            return;
        }

        if (statement.Chain != _chain)
        {
            ReportSince(FindingKind.Altered, statement.Sequence, at, $"the record is not the one that {name} vouches for");
            return;
        }

        report.KeptFound += name == LogDirectory.HeadName ? 0 : 1;
        _verified = Math.Max(_verified, statement.Sequence);
        _mustOpen |= statement.Closed;
        _oldestUnsigned = 0;
        _damage = null;
    }
}
