namespace Gateway.Core.Audit.Verification;

/// <summary>Verifies a call log from its files and public keys alone, as <c>deploy/call-log.md</c> describes them.</summary>
/// <remarks>Shares no code with the writer: a mistake of the one must not be excused by the other.</remarks>
internal sealed class LogVerifier(string directory, VerificationKeys keys, IReadOnlyList<string> kept)
{
    private const int Attempts = 5;
    private const int MaxParallel = 8;

    private readonly StatementReader _statements = new(keys);
    private readonly LineBlock[] _blocks = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, MaxParallel)).Select(_ => new LineBlock())];

    /// <exception cref="IOException">The directory cannot be read.</exception>
    public LogReport Verify()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return VerifyOnce();
            }
            catch (FileNotFoundException) when (attempt < Attempts)
            {
                // Retention deleted a segment after it was listed; its statement may be in what was written since.
            }
        }
    }

    private LogReport VerifyOnce()
    {
        var report = new LogReport();

        // Before the files: whatever it names is in them, even of a log that is being written.
        var headText = LogDirectory.ReadHead(directory);
        var segments = LogDirectory.List(directory, report.Findings);
        var head = ReadHead(headText, out var headProblem);
        var outside = new OutsideStatements(head, kept, _statements, report);
        var retention = new RetentionProof();
        var records = new RecordWalk(report, _statements, outside, retention);
        var sequence = new SequenceWalk(records);
        var first = segments.Count > 0 ? segments[0].First : 1;
        retention.Begin(first);
        records.Begin(first);
        sequence.Begin(first);
        ReadSegments(segments, sequence, records, retention, report);
        sequence.End();
        retention.Judge(records, new LogPosition(segments.Count > 0 ? segments[0].Name : null, 1));
        report.FirstSequence = report.Records > 0 ? first : 0;
        report.LastSequence = sequence.Expected - 1;
        outside.Judge(records, headText is not null, headProblem);
        report.Unsigned = Math.Max(0, report.LastSequence - records.Verified);
        return report;
    }

    private Statement? ReadHead(string? text, out string? problem)
    {
        problem = null;
        if (text is null)
        {
            return null;
        }

        // One line: nothing before it, nothing behind its line feed.
        var result = text.EndsWith('\n') ? _statements.Read(text[..^1]) : new StatementResult(null, "is not one line");
        problem = result.IsRight ? result.Value.Kind == StatementKind.Head ? null : "is a statement about something else" : result.Problem;
        return problem is null ? result.Value : null;
    }

    private void ReadSegments(IReadOnlyList<SegmentFile> segments, SequenceWalk sequence, RecordWalk records, RetentionProof retention, LogReport report)
    {
        ChainValue? previous = segments.Count > 0 && segments[0].First == 1 ? default(ChainValue) : null;
        for (var index = 0; index < segments.Count; index++)
        {
            var segment = segments[index];
            try
            {
                using var reader = new SegmentReader(segment);
                report.Segments++;
                previous = ReadSegment(segment, reader, previous, sequence, records, retention, keepsFirst: index == 0);
                if (reader.Unfinished > 0 && index + 1 < segments.Count)
                {
                    records.Report(FindingKind.Truncated, sequence.Expected, new LogPosition(segment.Name, 0), "the segment ends within a line, and others follow");
                }

                report.UnfinishedBytes = reader.Unfinished;
            }
            catch (Exception exception) when (exception is UnauthorizedAccessException or (IOException and not FileNotFoundException))
            {
                previous = null;
                records.Report(FindingKind.File, sequence.Expected, new LogPosition(segment.Name, 0), $"cannot be read: {Printable.Of(exception.Message)}");
            }
        }
    }

    private ChainValue? ReadSegment(SegmentFile segment, SegmentReader reader, ChainValue? previous, SequenceWalk sequence, RecordWalk records, RetentionProof retention, bool keepsFirst)
    {
        var line = 0L;
        while (Fill(reader, ref previous) is > 0 and var count)
        {
            // Each line's chain is checked against the digits of the one before, so that blocks need not wait for each other.
            _blocks[0].KeepsFirstLine = keepsFirst && line == 0;
            if (count == 1)
            {
                _blocks[0].Inspect();
            }
            else
            {
                Parallel.For(0, count, index => _blocks[index].Inspect());
            }

            foreach (var block in _blocks.AsSpan(0, count))
            {
                if (line == 0)
                {
                    CheckName(segment, block.Facts[0], sequence, records);
                }

                if (block.FirstLine is { } first)
                {
                    retention.Keep(first, block.Facts[0].Chain);
                }

                foreach (var facts in block.Facts)
                {
                    sequence.Add(facts, new LogPosition(segment.Name, ++line));
                }

                if (block.IsHopeless)
                {
                    records.Report(FindingKind.Malformed, sequence.Expected, new LogPosition(segment.Name, line), "the rest of the segment was not read: too much of it is no record");
                    return null;
                }
            }
        }

        return previous;
    }

    private int Fill(SegmentReader reader, ref ChainValue? previous)
    {
        var count = 0;
        while (count < _blocks.Length && reader.TryRead(_blocks[count]))
        {
            var block = _blocks[count++];
            block.Previous = previous;
            previous = block.IsTooLong ? null : LineInspector.FindLastChain(block.Space.Span[..block.Length]);
        }

        return count;
    }

    private static void CheckName(SegmentFile segment, in LineFacts first, SequenceWalk sequence, RecordWalk records)
    {
        if (first.Fault == LineFault.None && first.Sequence == sequence.Expected && segment.First != first.Sequence)
        {
            records.Report(FindingKind.File, first.Sequence, new LogPosition(segment.Name, 1), "the segment's name does not carry the number of its first record");
        }
    }
}
