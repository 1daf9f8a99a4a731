using System.Text;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

public sealed class JsonlCallJournalTests : JournalTestBase
{
    [Fact]
    public async Task Record_TenThousandConcurrentCalls_AreGaplessAndOnce()
    {
        await using var journal = await StartAsync();
        var calls = Enumerable.Range(0, 10_000).Select(_ => Calls.Allowed()).ToArray();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancelled }, (call, _) =>
        {
            Assert.True(journal.TryAdmit());
            journal.Record(call);
            return ValueTask.CompletedTask;
        });
        await journal.FlushAsync(Cancelled);

        AssertGapless(10_000);
        Assert.Equal(calls.Select(call => call.Call).Order(), Recorded().Order());
        var status = journal.Status;
        Assert.Equal(new CallJournalStatus(CallJournalState.Available, status.Sequence, 0, null, null, null), status);
        Assert.InRange(status.Sequence, 10_001, 10_100);
    }

    [Fact]
    public async Task Record_LinesInFile_AreValidEvents()
    {
        OcsfSchemas.SkipWhereMissing();
        await using (var journal = await StartAsync())
        {
            Record(journal, 3);
        }

        Assert.All(await File.ReadAllLinesAsync(Assert.Single(Segments()), Cancelled), line => Assert.Empty(OcsfSchemas.Validate(line)));
    }

    [Fact]
    public async Task StartAsync_AfterRestarts_ContinuesTheSequence()
    {
        for (var run = 0; run < 3; run++)
        {
            await using var journal = await StartAsync();
            Assert.Equal(Sequences().Count, journal.Status.Sequence);
            Record(journal, 100);
        }

        AssertGapless(300);
    }

    [Fact]
    public async Task StartAsync_RunThatWroteNothing_LeavesNoSegment()
    {
        await using (await StartAsync())
        {
        }

        Assert.Empty(Segments());
    }

    [Fact]
    public async Task Record_SegmentFull_BeginsANewOne()
    {
        await using (var journal = await StartAsync(options => options with { SegmentBytes = 5_000 }))
        {
            for (var batch = 0; batch < 10; batch++)
            {
                Record(journal, 3);
                await journal.FlushAsync(Cancelled);
            }
        }

        AssertGapless(30);
        Assert.True(Segments().Length > 5);
        Assert.All(Segments(), segment =>
        {

            // Full means that it is followed by another once what belongs together is written.
            Assert.InRange(new FileInfo(segment).Length, 1, 15_000);
            Assert.Matches(@"^calls-\d{8}T\d{6}Z-\d{16}\.jsonl$", Path.GetFileName(segment));
            Assert.True(CallSegmentName.TryParse(Path.GetFileName(segment), out var first));
            Assert.Contains($"\"sequence\":{first},", File.ReadLines(segment).First(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task StartAsync_FilesAndDirectory_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Unix modes only");
            return;
        }

        await using var journal = await StartAsync();
        Record(journal, 1);
        await journal.FlushAsync(Cancelled);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(AuditDirectory));
        foreach (var file in Directory.GetFiles(AuditDirectory))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData("{\"half\":")]
    [InlineData("{\"metadata\":{\"sequence\":999}}")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public async Task StartAsync_TornLastLine_IsCutOffAndKept(string torn)
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 5);
        }

        var segment = Assert.Single(Segments());
        await File.AppendAllTextAsync(segment, torn, Cancelled);
        await using (var journal = await StartAsync())
        {
            Assert.Equal(Sequences().Count, journal.Status.Sequence);
            Record(journal, 5);
        }

        AssertGapless(10);
        Assert.Equal(torn, await File.ReadAllTextAsync(segment + ".torn", Cancelled));
        Assert.True(Log.Has(4005));
    }

    [Fact]
    public async Task StartAsync_TornLineLongerThanAnyBuffer_IsCutOff()
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 2);
        }

        await File.AppendAllTextAsync(Segments()[0], new string('x', 300_000), Cancelled);
        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
        }

        AssertGapless(3);
    }

    [Fact]
    public async Task StartAsync_OnlyATornLine_TakesTheNumberFromTheName()
    {
        Directory.CreateDirectory(AuditDirectory);
        await File.WriteAllTextAsync(Path.Combine(AuditDirectory, CallSegmentName.Format(Calls.Start, 41)), "{\"torn", Cancelled);
        await using var journal = await StartAsync();
        Assert.Equal(40, journal.Status.Sequence);
    }

    [Fact]
    public async Task StartAsync_LastLineSpoilt_CountsTheLines()
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 4);
        }

        var last = Sequences().Count;
        await File.AppendAllTextAsync(Segments()[0], "{spoilt}\n", Cancelled);
        await using var next = await StartAsync();
        Assert.Equal(last + 1, next.Status.Sequence);
        Assert.True(Log.Has(4006));
    }

    [Fact]
    public async Task StartAsync_ClockSetBack_ContinuesTheHighestSequence()
    {
        Directory.CreateDirectory(AuditDirectory);
        await WriteSegmentAsync(Calls.Start, 1, 3);
        await WriteSegmentAsync(Calls.Start.AddDays(-1), 4, 2);
        await using var journal = await StartAsync();
        Assert.Equal(5, journal.Status.Sequence);
    }

    [Fact]
    public async Task StartAsync_ForeignFiles_AreLeftAlone()
    {
        Directory.CreateDirectory(AuditDirectory);
        var foreign = Path.Combine(AuditDirectory, "calls-of-mine.jsonl");
        await File.WriteAllTextAsync(foreign, "no newline", Cancelled);
        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
        }

        Assert.Equal("no newline", await File.ReadAllTextAsync(foreign, Cancelled));
    }

    [Fact]
    public async Task TryAdmit_BeforeStart_IsRefused()
    {
        await using var journal = Create();
        Assert.False(journal.TryAdmit());
        Assert.Equal(CallJournalState.Starting, journal.Status.State);
    }

    [Fact]
    public async Task TryAdmit_TooManyRecordsWait_IsRefusedUntilTheyAreWritten()
    {
        await using var journal = await StartAsync(options => options with { MaxPending = 3, GatherInterval = TimeSpan.FromSeconds(2) });
        Record(journal, 3);
        Assert.False(journal.TryAdmit());
        Assert.True(journal.IsAvailable);

        await journal.FlushAsync(Cancelled);
        Record(journal, 1);
    }

    [Fact]
    public async Task TryAdmit_ManyCallsUnderWay_ShutsOutNobody()
    {
        await using var journal = await StartAsync(options => options with { MaxPending = 3 });
        for (var call = 0; call < 100; call++)
        {
            Assert.True(journal.TryAdmit());
        }

        for (var call = 0; call < 100; call++)
        {
            journal.Record(Calls.Allowed());
        }
    }

    [Fact]
    public async Task DisposeAsync_RecordsQueued_WritesThemAll()
    {
        var journal = await StartAsync();
        Record(journal, 2_000);
        await journal.DisposeAsync();
        AssertGapless(2_000);
        Assert.Equal(CallJournalState.Stopped, journal.Status.State);
        Assert.Equal(0, journal.Status.Pending);
        Assert.False(journal.TryAdmit());
    }

    [Fact]
    public async Task DisposeAsync_CallStillInFlight_WaitsForItsRecord()
    {
        var journal = await StartAsync();
        Assert.True(journal.TryAdmit());
        var disposed = journal.DisposeAsync().AsTask();
        Assert.False(journal.TryAdmit());
        await Task.Delay(50, Cancelled);
        Assert.False(disposed.IsCompleted);
        journal.Record(Calls.Allowed());
        await disposed;
        AssertGapless(1);
    }

    [Fact]
    public async Task DisposeAsync_CallNeverRecorded_EndsInTime()
    {
        var journal = await StartAsync(options => options with { ShutdownTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.True(journal.TryAdmit());
        await journal.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        journal.Record(Calls.Allowed());
        Assert.True(Log.Has(4010));
    }

    [Fact]
    public async Task StartAsync_SecondJournalOnTheDirectory_IsRefusedUntilTheFirstEnds()
    {
        var first = await StartAsync();
        Record(first, 10);
        await using var second = await StartAsync();
        Assert.False(second.TryAdmit());
        Assert.Equal(CallJournalState.Locked, second.Status.State);
        Assert.Contains($"process {Environment.ProcessId} on", second.Status.LastError, StringComparison.Ordinal);
        Assert.Contains(AuditDirectory, second.Status.LastError, StringComparison.Ordinal);

        await first.DisposeAsync();
        await UntilAsync(() => second.IsAvailable, "the second journal takes over");
        Record(second, 10);
        await second.FlushAsync(Cancelled);
        AssertGapless(20);
    }

    private Task WriteSegmentAsync(DateTimeOffset time, long first, int count)
    {
        var lines = new StringBuilder();
        for (var sequence = first; sequence < first + count; sequence++)
        {
            lines.Append($"{{\"metadata\":{{\"sequence\":{sequence}}},\"unmapped\":{{\"gateway\":{{\"chain_sha256\":\"{new string('a', 64)}\"}}}}}}\n");
        }

        return File.WriteAllTextAsync(Path.Combine(AuditDirectory, CallSegmentName.Format(time, first)), lines.ToString(), Cancelled);
    }
}
