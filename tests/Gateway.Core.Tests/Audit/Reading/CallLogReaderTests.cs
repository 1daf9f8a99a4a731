using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Reading;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Core.Tests.Audit.Reading;

/// <summary>Every record once and in order, whatever happens to the files meanwhile.</summary>
public sealed class CallLogReaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-reader-").FullName;
    private readonly LogFiles _files;

    public CallLogReaderTests() => _files = new LogFiles(Path.Combine(_root, "audit"));

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Read_NoDirectoryYet_IsEmpty()
    {
        using var reader = new CallLogReader(Path.Combine(_root, "other"), 0);
        Assert.Empty(reader.Read());

        using var files = new LogFiles(Path.Combine(_root, "other"));
        files.Append(2);
        Assert.Equal([1, 2], ReadAll(reader));
    }

    [Fact]
    public void Read_Lines_AreAsWritten()
    {
        _files.Append(3);
        using var reader = new CallLogReader(_files.Directory, 0);

        Assert.Equal([LogFiles.Line(1), LogFiles.Line(2), LogFiles.Line(3)], reader.Read().Select(line => Encoding.ASCII.GetString(line.Json.Span)));
        Assert.Equal(3, reader.Last);
    }

    [Fact]
    public void Read_SeveralSegments_FollowEachOther()
    {
        for (var segment = 0; segment < 5; segment++)
        {
            _files.Begin();
            _files.Append(4);
        }

        using var reader = new CallLogReader(_files.Directory, 0);
        AssertSequences(1, 20, ReadAll(reader));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(12)]
    public void Read_AfterARecord_BeginsWithTheNext(long after)
    {
        for (var segment = 0; segment < 3; segment++)
        {
            _files.Begin();
            _files.Append(4);
        }

        using var reader = new CallLogReader(_files.Directory, after);
        AssertSequences(after + 1, 12, ReadAll(reader));

        _files.Append(1);
        Assert.Equal([13], ReadAll(reader));
    }

    [Fact]
    public void Read_UnfinishedLine_WaitsForItsEnd()
    {
        _files.Append(2);
        _files.Write(LogFiles.Line(3)[..40]);
        using var reader = new CallLogReader(_files.Directory, 0);
        Assert.Equal([1, 2], ReadAll(reader));
        Assert.Empty(reader.Read());

        _files.Write(LogFiles.Line(3)[40..]);
        Assert.Empty(reader.Read());

        _files.Write("\n");
        Assert.Equal([3], ReadAll(reader));
    }

    [Fact]
    public void Read_UnfinishedLineCutOffAndWrittenOver_ReadsWhatTookItsPlace()
    {
        _files.Append(2);
        var end = _files.Length;
        _files.Write(LogFiles.Line(3, "lost")[..50]);
        using var reader = new CallLogReader(_files.Directory, 0);
        Assert.Equal([1, 2], ReadAll(reader));

        _files.Cut(end);
        _files.Append(3);
        Assert.Equal([3, 4, 5], ReadAll(reader));
    }

    [Fact]
    public void Read_UnfinishedLineAtTheEndOfASegment_IsNotPutBeforeTheNext()
    {
        _files.Append(2);
        _files.Write(LogFiles.Line(3)[..50]);
        using var reader = new CallLogReader(_files.Directory, 0);
        Assert.Equal([1, 2], ReadAll(reader));

        _files.Begin();
        _files.Append(2);
        Assert.Equal([3, 4], ReadAll(reader));
    }

    [Fact]
    public void Read_EmptySegmentWithASuccessorOfTheSameName_IsPassedOver()
    {
        _files.Append(2);
        _files.Begin();
        using var reader = new CallLogReader(_files.Directory, 0);
        Assert.Equal([1, 2], ReadAll(reader));

        _files.Begin();
        _files.Append(2);
        Assert.Equal([3, 4], ReadAll(reader));
    }

    [Fact]
    public void Read_SegmentWrittenAnew_GoesOnInTheCopyWithoutRepeating()
    {
        var original = _files.Begin();
        _files.Append(3);
        using var reader = new CallLogReader(_files.Directory, 0);
        Assert.Equal([1, 2, 3], ReadAll(reader));

        File.Delete(original);
        _files.Begin(first: 1);
        _files.Next = 1;
        _files.Append(5);
        Assert.Equal([4, 5], ReadAll(reader));
        Assert.Empty(reader.Read());
    }

    [Fact]
    public void Read_SegmentTwiceOnFile_EndsAndRepeatsNothing()
    {
        _files.Begin();
        _files.Append(3);
        _files.Begin(first: 1);
        _files.Next = 1;
        _files.Append(3);
        using var reader = new CallLogReader(_files.Directory, 0);

        Assert.Equal([1, 2, 3], ReadAll(reader));
        Assert.Empty(reader.Read());
    }

    [Fact]
    public void Read_SegmentDeletedWhileItIsRead_IsReadToItsEnd()
    {
        var first = _files.Begin();
        _files.Append(50);
        _files.Begin();
        _files.Append(50);
        using var reader = new CallLogReader(_files.Directory, 0, chunkBytes: 4096);
        var sequences = reader.Read().Select(line => line.Sequence).ToList();
        Assert.True(sequences.Count < 50);

        File.Delete(first);
        sequences.AddRange(ReadAll(reader));
        AssertSequences(1, 100, sequences);
    }

    [Fact]
    public void Read_SegmentsDeletedBeforeTheyAreRead_GoesOnWithTheFirstOnFile()
    {
        var paths = new List<string>();
        for (var segment = 0; segment < 4; segment++)
        {
            paths.Add(_files.Begin());
            _files.Append(3);
        }

        File.Delete(paths[0]);
        File.Delete(paths[1]);
        using var reader = new CallLogReader(_files.Directory, 2);
        AssertSequences(7, 12, ReadAll(reader));
    }

    [Fact]
    public void Read_OtherFiles_AreNotRead()
    {
        File.WriteAllText(Path.Combine(_files.Directory, "calls-notes.jsonl"), LogFiles.Line(1) + "\n");
        File.WriteAllText(Path.Combine(_files.Directory, "calls-20261121T223000Z-0000000000000001.jsonl.torn"), LogFiles.Line(1) + "\n");
        using var reader = new CallLogReader(_files.Directory, 0);

        Assert.Empty(reader.Read());
    }

    [Fact]
    public void Read_LineLongerThanAChunk_IsWhole()
    {
        _files.Append(1);
        _files.Append(1, new string('x', 50_000));
        _files.Append(1);
        using var reader = new CallLogReader(_files.Directory, 0, chunkBytes: 4096);

        AssertSequences(1, 3, ReadAll(reader));
    }

    [Fact]
    public void Read_EndlessLine_Fails()
    {
        _files.Append(1);
        _files.Cut(CallLogReader.MaxLineBytes * 2L);
        using var reader = new CallLogReader(_files.Directory, 0);
        Assert.Equal(1, Assert.Single(reader.Read()).Sequence);

        Assert.Throws<IOException>(reader.Read);
    }

    [Fact]
    public void Read_LineWithoutASequence_IsPassedOver()
    {
        _files.Append(1);
        _files.Write("garbage\n");
        _files.Next = 3;
        _files.Append(1);
        using var reader = new CallLogReader(_files.Directory, 0);

        Assert.Equal([1, 3], ReadAll(reader));
    }

    [Fact]
    public async Task Read_WhileAJournalWrites_SeesEveryRecord()
    {
        const int count = 20_000;
        var directory = Path.Combine(_root, "live");
        using var key = AuditKey.Parse(AuditKey.Generate());
        await using var journal = new JsonlCallJournal(
            new CallJournalOptions { Directory = directory, SegmentBytes = 64 * 1024 }, key, TimeProvider.System, NullLogger<JsonlCallJournal>.Instance);
        await journal.StartAsync(TestContext.Current.CancellationToken);
        var writing = Task.Run(
            async () =>
            {
                for (var index = 0; index < count; index++)
                {
                    while (!journal.TryAdmit())
                    {
                        await Task.Delay(1);
                    }

                    journal.Record(Calls.Refused("policy_denied", 403));
                }
            },
            TestContext.Current.CancellationToken);

        using var reader = new CallLogReader(directory, 0);
        var sequences = new List<long>();
        while (sequences.Count < count)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            sequences.AddRange(reader.Read().Select(line => line.Sequence));
        }

        await writing;
        AssertSequences(1, sequences.Count, sequences);
        Assert.True(Directory.GetFiles(directory, CallSegmentName.Pattern).Length > 10, "The log did not rotate.");
    }

    [Fact]
    public void Read_AnyInterleavingWithTheWriter_GivesEveryRecordOnce()
    {
        var steps = Gen.Choose(0, 5).ListOf().ToArbitrary();
        Prop.ForAll(steps, plan =>
        {
            using var files = new LogFiles(Path.Combine(_root, Guid.NewGuid().ToString("N")));
            using var reader = new CallLogReader(files.Directory, 0, chunkBytes: 512);
            var read = new List<long>();
            var torn = "";
            files.Begin();
            foreach (var step in plan.Append(3).Append(1))
            {
                switch (step)
                {
                    case 0:
                        Finish();
                        files.Begin();
                        break;
                    case 1:
                        Finish();
                        files.Append(3);
                        break;
                    case 2 when torn.Length == 0:
                        torn = LogFiles.Line(files.Next) + "\n";
                        files.Write(torn[..60]);
                        break;
                    case 3:
                        Finish();
                        break;
                    default:
                        read.AddRange(reader.Read().Select(line => line.Sequence));
                        break;
                }
            }

            read.AddRange(ReadAll(reader));
            return read.SequenceEqual(Enumerable.Range(1, (int)files.Next - 1).Select(n => (long)n));

            void Finish()
            {
                if (torn.Length > 0)
                {
                    files.Write(torn[60..]);
                    files.Next++;
                    torn = "";
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    private static List<long> ReadAll(CallLogReader reader)
    {
        var all = new List<long>();
        while (reader.Read() is { Count: > 0 } lines)
        {
            all.AddRange(lines.Select(line => line.Sequence));
        }

        return all;
    }

    private static void AssertSequences(long first, long last, IEnumerable<long> actual) =>
        Assert.Equal(Enumerable.Range((int)first, (int)(last - first + 1)).Select(n => (long)n), actual);
}
