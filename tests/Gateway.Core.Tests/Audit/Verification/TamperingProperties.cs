using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Audit.Verification;

namespace Gateway.Core.Tests.Audit.Verification;

/// <summary>Over random logs: an intact one is never doubted, and whatever is done to one is found, at the right record.</summary>
public sealed class TamperingProperties(ITestOutputHelper output) : VerifyTestBase
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_TAMPERING_CASES"), out var asked) ? asked : 60;

    private static readonly TestKey Stranger = new();

    private enum Step
    {
        Record,
        Interval,
        Rotate,
        Close,
        Kill,
        Retain,
    }

    [Fact]
    public void Verify_Untouched_IsIntact() => ForAll((log, random) =>
    {
        var report = Verify(log);

        Assert.True(report.IsIntact, Show(report));
        Assert.Equal((log.First, log.Last, log.Last - log.Covered), (report.FirstSequence, report.LastSequence, report.Unsigned));
    });

    [Fact]
    public void Verify_UnfinishedLineOfAKilledProcess_IsIntact() => ForAll((log, random) =>
    {
        log.Restart(inNewSegment: random.Next(2) == 0);
        log.WriteHead(log.Last);
        log.Add();
        log.Add();
        var segments = log.Segments;
        segments[^1] = segments[^1] with { Bytes = segments[^1].Bytes[..^random.Next(1, log.Line(log.Last).Length)] };
        var report = Verify(segments, log.Head);

        Assert.True(report.IsIntact, Show(report));
        Assert.Equal((log.Last - 1, 1), (report.LastSequence, report.Unsigned));
        Assert.True(report.UnfinishedBytes > 0);
    });

    [Fact]
    public void Verify_AnyByteFlipped_IsFoundAtItsRecord() => ForAll((log, random) =>
    {
        var segments = log.Segments;
        var index = random.Next(segments.Count);
        var bytes = segments[index].Bytes;
        var at = random.Next(bytes.Length - (index == segments.Count - 1 && log.Covered < log.Last ? 1 : 0));
        var sequence = Lines(log).First(line => line.Segment == index && at < line.End).Sequence;
        bytes[at] ^= (byte)(1 << random.Next(8));

        Broken(Verify(segments, log.Head), sequence, log, $"flip of byte {at}");
    });

    [Fact]
    public void Verify_AnyByteReplaced_IsFoundAtItsRecord() => ForAll((log, random) =>
    {
        var segments = log.Segments;
        var index = random.Next(segments.Count);
        var bytes = segments[index].Bytes;
        var at = random.Next(bytes.Length - (index == segments.Count - 1 && log.Covered < log.Last ? 1 : 0));
        var sequence = Lines(log).First(line => line.Segment == index && at < line.End).Sequence;
        var old = bytes[at];
        bytes[at] = "\n\r \"0{}\\,9aA\0\u007f"u8[random.Next(14)];

        if (bytes[at] != old)
        {
            Broken(Verify(segments, log.Head), sequence, log, $"byte {at} replaced by {bytes[at]}");
        }
    });

    [Fact]
    public void Verify_AnyByteOfTheHeadFlipped_IsFound() => ForAll((log, random) =>
    {
        var head = log.Head!.ToCharArray();
        head[random.Next(head.Length)] ^= (char)(1 << random.Next(8));
        var report = Verify(log.Segments, new string(head));

        Assert.False(report.IsIntact);
        Assert.InRange(report.Findings.FirstBroken ?? 0, log.First, log.Last + 1);
    });

    [Fact]
    public void Verify_LineRemoved_IsFoundAtItsRecord() => ForAll((log, random) =>
    {
        var (line, sequence) = Pick(log, random, log.Covered);
        Broken(Verify(Rebuild(log, lines => lines.RemoveAt(line)), log.Head), sequence, log, $"removal of {sequence}");
    });

    [Fact]
    public void Verify_LineDuplicated_IsFoundWhereItWasPut() => ForAll((log, random) =>
    {
        var (line, _) = Pick(log, random, log.Last);
        var (after, expected) = Pick(log, random, log.Last);
        Broken(Verify(Rebuild(log, lines => lines.Insert(after + 1, lines[line] with { Segment = lines[after].Segment })), log.Head), expected + (line == after + 1 ? 2 : 1), log, $"line {line} once more after {after}");
    });

    [Fact]
    public void Verify_LinesSwapped_IsFoundAtTheFirst() => ForAll((log, random) =>
    {
        var (one, first) = Pick(log, random, log.Last);
        var (other, second) = Pick(log, random, log.Last);
        if (one != other)
        {
            Broken(Verify(Rebuild(log, lines => (lines[one], lines[other]) = (lines[other] with { Segment = lines[one].Segment }, lines[one] with { Segment = lines[other].Segment })), log.Head),
                Math.Min(first, second), log, $"swap of {first} and {second}");
        }
    });

    [Fact]
    public void Verify_TailCutAnywhere_IsFoundAtTheFirstLostRecord() => ForAll((log, random) =>
    {
        var segments = log.Segments;
        var index = random.Next(segments.Count);
        var at = random.Next(segments[index].Bytes.Length);
        var lost = Lines(log).First(line => line.Segment == index && at < line.End).Sequence;
        segments[index] = segments[index] with { Bytes = segments[index].Bytes[..at] };
        var report = Verify(segments[..(index + 1)], log.Head);
        if (lost <= log.HeadSequence)
        {
            Broken(report, lost, log, $"cut at byte {at} of segment {index}");
        }
    });

    [Fact]
    public void Verify_ChangedAndChainedAnew_IsFoundSinceTheLastStatementBefore() => ForAll((log, random) =>
    {
        var (_, sequence) = Pick(log, random, log.Covered);
        var forged = log.Forge(records => Change(records, sequence));
        Broken(Verify(forged), Since(log, sequence), log, $"{sequence} changed, chained anew");
    });

    [Fact]
    public void Verify_ChangedAndSignedByAnother_IsFoundSinceTheLastStatementBefore() => ForAll((log, random) =>
    {
        var (_, sequence) = Pick(log, random, log.Covered);
        var forged = log.Forge(records => Change(records, sequence), Stranger);
        forged.ResignHead(Stranger);
        Broken(Verify(forged), Since(log, sequence), log, $"{sequence} changed, signed by another", isAtMost: true);
    });

    [Fact]
    public void Verify_RemovedNumberedAndChainedAnew_IsFound() => ForAll((log, random) =>
    {
        var (_, sequence) = Pick(log, random, log.Covered);
        var report = Verify(log.Forge(records =>
        {
            var next = 1L;
            return records.Select(segment => segment.Where(_ => next++ != sequence).ToList()).ToList();
        }));

        Assert.False(report.IsIntact, $"removal of {sequence}");

        // With the numbers made anew, what shows the removal is the next statement that counts the record.
        Assert.InRange(report.Findings.FirstBroken ?? 0, 1, log.Vouched.Where(vouched => vouched >= sequence).Min());
    });

    [Fact]
    public void Verify_CheckpointsDropped_IsFound() => ForAll((log, random) =>
    {
        // Of records beyond the newest statement nobody can say whether there was another one among them.
        log.WriteHead(log.Last);
        var all = random.Next(2) == 0;
        var forged = log.Forge(records => records.Select((segment, index) => segment.Where((record, line) => record.Kind is null or "retention" || (!all && index == 0 && line == 0))));

        Assert.Equal(forged.Last == log.Last, Verify(forged).IsIntact);
    });

    [Fact]
    public void Verify_SegmentOfAnotherLogWithTheSameKey_IsFoundAtItsFirstRecord() => ForAll((log, random) =>
    {
        var other = log.Forge(records => records.Select((segment, index) => segment.Select(record => record with { Text = record.Text + "!" })), Key, Guid.NewGuid().ToString());
        var segments = log.Segments;
        var index = random.Next(segments.Count);
        segments[index] = other.Segments[index];
        Broken(Verify(segments, log.Head), Lines(log).First(line => line.Segment == index).Sequence, log, $"segment {index} replaced", isAtMost: true);
    });

    [Fact]
    public void Verify_SegmentInAnOlderState_IsFoundAtTheFirstLostRecord() => ForAll((log, random) =>
    {
        var (line, sequence) = Pick(log, random, log.HeadSequence);
        var segment = Lines(log)[line].Segment;
        Broken(Verify(Rebuild(log, lines => lines.RemoveAll(each => each.Segment == segment && each.Sequence >= sequence)), log.Head), sequence, log, $"{sequence} and later gone");
    });

    [Fact]
    public void Verify_SegmentDropped_IsFoundAtItsFirstRecord() => ForAll((log, random) =>
    {
        var segments = log.Segments;
        var index = random.Next(segments.Count);
        var first = Lines(log).First(line => line.Segment == index).Sequence;
        segments.RemoveAt(index);
        if (segments.Count == 0)
        {
            Assert.False(Verify(segments, log.Head).IsIntact);
        }
        else if (index < segments.Count || first <= log.HeadSequence)
        {
            // The last one is missed by the head alone: the statements that were in it went with it.
            Broken(Verify(segments, log.Head), first, log, $"segment {index} dropped");
        }
    });

    /// <summary>Where the retention statement went with what was removed, the front is unaccounted for as well.</summary>
    private static void Broken(LogReport report, long sequence, TestLog log, string what, bool isAtMost = false)
    {
        var first = report.Findings.FirstBroken ?? 0;
        var isFrontLost = log.RetentionAt >= sequence
            && report.Findings.Kept.Any(finding => finding.Kind == FindingKind.Missing && finding.First == first && finding.Last >= log.First - 1)
            && log.First > 1
            && (log.RetentionAt == sequence || report.Findings.Kept.Any(finding => finding.First <= sequence && finding.Last >= sequence));
        Assert.True(!report.IsIntact && (first == sequence || isFrontLost || (isAtMost && first > 0 && first <= sequence)),
            $"{what}: {sequence} was expected, {first} was found; {log.First} to {log.Last}, head {log.HeadSequence}\n{Show(report)}");
    }

    /// <summary>The first record that no statement before the change vouches for.</summary>
    private static long Since(TestLog log, long sequence) => Math.Max(log.First, log.Vouched.Where(vouched => vouched < sequence).DefaultIfEmpty(0).Max() + 1);

    private static IEnumerable<IEnumerable<TestRecord>> Change(List<List<TestRecord>> records, long sequence)
    {
        var next = 1L;
        return [.. records.Select(segment => segment.Select(record => next++ == sequence ? record with { Text = record.Text + "!" } : record).ToList())];
    }

    private static List<(int Segment, long Sequence, int End)> Lines(TestLog log)
    {
        var lines = new List<(int, long, int)>();
        var sequence = log.First;
        foreach (var (index, segment) in log.Segments.Index())
        {
            for (var at = 0; at < segment.Bytes.Length;)
            {
                at += segment.Bytes.AsSpan(at).IndexOf((byte)'\n') + 1;
                lines.Add((index, sequence++, at));
            }
        }

        return lines;
    }

    private static (int Line, long Sequence) Pick(TestLog log, Random random, long last)
    {
        var sequence = random.NextInt64(log.First, last + 1);
        return ((int)(sequence - log.First), sequence);
    }

    private static List<(string Name, byte[] Bytes)> Rebuild(TestLog log, Action<List<(int Segment, long Sequence, string Text)>> change)
    {
        var lines = Lines(log).ConvertAll(line => (line.Segment, line.Sequence, log.Line(line.Sequence)));
        change(lines);
        return [.. log.Segments.Select((segment, index) => (segment.Name, System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Where(line => line.Segment == index).Select(line => line.Item3 + "\n")))))];
    }

    private void ForAll(Action<TestLog, Random> property)
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("GATEWAY_TAMPERING_SEED"), out var asked) ? asked : (ulong)Random.Shared.NextInt64();
        output.WriteLine($"Seed: {seed}");
        var steps = Gen.ArrayOf(Gen.Frequency(
            (12, Gen.Constant(Step.Record)), (4, Gen.Constant(Step.Interval)), (2, Gen.Constant(Step.Rotate)), (1, Gen.Constant(Step.Close)), (1, Gen.Constant(Step.Kill)), (1, Gen.Constant(Step.Retain))));
        foreach (var (script, choice) in steps.Zip(Gen.Choose(0, int.MaxValue - 1)).Select(pair => (pair.Item1, pair.Item2)).Sample(40, new Rnd(seed), Cases))
        {
            property(Build(script, new Random(choice)), new Random(choice));
        }
    }

    private TestLog Build(Step[] script, Random random)
    {
        var log = new TestLog(Key);
        log.WriteHead(log.Last);
        foreach (var step in script)
        {
            switch (step)
            {
                case Step.Record:
                    log.Add();
                    break;
                case Step.Interval:
                    log.Add("interval");
                    log.WriteHead(log.Last);
                    break;
                case Step.Rotate:
                    log.Rotate();
                    log.Add();
                    break;
                case Step.Close:
                    log.Close();
                    log.Restart(inNewSegment: random.Next(2) == 0);
                    break;
                case Step.Kill:
                    log.Restart(inNewSegment: random.Next(2) == 0);
                    break;
                default:
                    log.Retain();
                    break;
            }
        }

        if (random.Next(2) == 0)
        {
            log.Close();
        }

        return log;
    }
}
