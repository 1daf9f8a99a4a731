using Gateway.Core.Audit.Verification;

namespace Gateway.Core.Tests.Audit.Verification;

/// <summary>The verifier and the writer, which know nothing of each other, agree.</summary>
public sealed class WrittenLogTests : JournalTestBase
{
    [Fact]
    public async Task Verify_ClosedAndStartedAgain_IsIntactAndWhollySigned()
    {
        for (var start = 0; start < 3; start++)
        {
            await using var journal = await StartAsync(options => options with { SegmentBytes = 20_000 });
            Record(journal, 40);
            await journal.FlushAsync(Cancelled);
        }

        var report = Verify(AuditDirectory);
        Assert.True(report.IsIntact, Show(report));
        Assert.Equal(120, report.Classes[6003]);
        Assert.True(report.Segments > 3);
        Assert.Equal(0, report.Unsigned);
    }

    [Fact]
    public async Task Verify_WhileItIsWritten_IsIntactEachTime()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await using var journal = await StartAsync(options => options with
        {
            SegmentBytes = 30_000,
            CheckpointInterval = TimeSpan.FromMilliseconds(20),
            HeadInterval = TimeSpan.FromMilliseconds(5),
        });
        var writing = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Record(journal, 5);
                    await Task.Delay(1, CancellationToken.None);
                }
            },
            Cancelled);
        await UntilAsync(() => Segments().Length > 2, "segments");
        for (var round = 0; round < 20; round++)
        {
            var report = Verify(AuditDirectory);
            Assert.True(report.IsIntact, Show(report));
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Verify_CopyTakenAtAnyMoment_IsIntactAndContinued()
    {
        await using var journal = await StartAsync(options => options with { SegmentBytes = 30_000 });
        Record(journal, 30);
        await journal.FlushAsync(Cancelled);
        await UntilAsync(() => File.Exists(Path.Combine(AuditDirectory, "calls.head")), "a head");

        // As kill -9 leaves it: the head first, as whoever copies a log that is written must.
        var copy = Path.Combine(Root, "copy");
        Directory.CreateDirectory(copy);
        foreach (var file in (string[])[Path.Combine(AuditDirectory, "calls.head"), Path.Combine(AuditDirectory, "audit-key.pub"), .. Segments()])
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        var report = Verify(copy);
        Assert.True(report.IsIntact, Show(report));
    }

    private static string Show(LogReport report) => string.Join('\n', report.Findings.Kept);

    private static LogReport Verify(string directory)
    {
        using var keys = new VerificationKeys();
        keys.AddFile(Path.Combine(directory, "audit-key.pub"));
        return new LogVerifier(directory, keys, []).Verify();
    }
}
