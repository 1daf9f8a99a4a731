using Gateway.Core.Audit;
using Gateway.Core.Audit.Verification;

namespace Gateway.Core.Tests.Audit;

public sealed class LogRetentionTests : JournalTestBase
{
    [Fact]
    public async Task StartAsync_SegmentsOlderThanKept_AreDeletedWithAStatement()
    {
        await FillAsync();
        var old = Segments();
        foreach (var (segment, index) in old.Select((s, i) => (s, i)))
        {
            // Two of them were made before anything that need be kept, and the third ends what the second holds.
            File.Move(segment, Path.Combine(AuditDirectory, CallSegmentName.Format(TimeProvider.System.GetUtcNow().AddDays(index < 3 ? -10 + index : -1), First(segment))));
        }

        var before = Sequences().Count;
        await using (var journal = await StartAsync(options => options with { Retention = TimeSpan.FromDays(5) }))
        {
            Record(journal, 1);
            await journal.FlushAsync(Cancelled);
            await UntilAsync(() => First(Segments()[0]) == First(old[2]), "segments are deleted");
        }

        var kept = Sequences();
        Assert.Equal(First(Segments()[0]), kept[0]);
        Assert.True(kept[0] > 1);
        Assert.Equal(Enumerable.Range((int)kept[0], kept.Count).Select(n => (long)n), kept);
        Assert.True(kept[^1] > before);
        var deletions = Events().Where(e => e.GetProperty("class_uid").GetInt32() == 3004 && e.GetProperty("activity_name").GetString() == "Delete").ToList();
        Assert.Equal(
            [$"1-{First(old[1]) - 1}", $"{First(old[1])}-{kept[0] - 1}"],
            deletions.Select(deletion => deletion.GetProperty("entity").GetProperty("uid").GetString()));
        Assert.Empty(deletions.SelectMany(deletion => OcsfSchemas.Validate(deletion.GetRawText())));
        AssertIntact();
    }

    [Fact]
    public async Task StartAsync_ClockWasBehind_DeletesNothingYoung()
    {
        await FillAsync();
        var segments = Segments();
        File.Move(segments[1], Path.Combine(AuditDirectory, CallSegmentName.Format(DateTimeOffset.UnixEpoch, First(segments[1]))));
        await using (var journal = await StartAsync(options => options with { Retention = TimeSpan.FromDays(5) }))
        {
            Record(journal, 1);
            await journal.FlushAsync(Cancelled);
        }

        Assert.Equal(1, Sequences().Min());
        Assert.False(Log.Has(4015));
    }

    [Fact]
    public async Task StartAsync_SegmentThatWasNeverWritten_DoesNotStopDeletion()
    {
        await FillAsync();
        Age(Segments());
        await File.WriteAllTextAsync(Path.Combine(AuditDirectory, CallSegmentName.Format(TimeProvider.System.GetUtcNow().AddDays(-9), Sequences().Count + 1)), "", Cancelled);
        await using (var journal = await StartAsync(options => options with { Retention = TimeSpan.FromDays(5) }))
        {
            Record(journal, 1);
            await UntilAsync(() => Log.Has(4015), "a segment is deleted");
        }

        Assert.False(Log.Has(4016));
        AssertIntact();
    }

    [Fact]
    public async Task StartAsync_SomeoneStillNeedsThem_KeepsThem()
    {
        await FillAsync();
        Age(Segments());
        await using (var journal = await StartAsync(options => options with { Retention = TimeSpan.FromDays(5), Delivered = () => 1 }))
        {
            Record(journal, 1);
            await journal.FlushAsync(Cancelled);
        }

        Assert.Equal(1, Sequences()[0]);
        Assert.False(Log.Has(4015));
    }

    private static long First(string segment) => CallSegmentName.Parse(Path.GetFileName(segment))!.Value.First;

    private void Age(IEnumerable<string> segments)
    {
        foreach (var segment in segments)
        {
            File.Move(segment, Path.Combine(AuditDirectory, CallSegmentName.Format(TimeProvider.System.GetUtcNow().AddDays(-10), First(segment))));
        }
    }

    private void AssertIntact()
    {
        using var keys = new VerificationKeys();
        keys.Add(Key.PublicPem);
        var report = new LogVerifier(AuditDirectory, keys, []).Verify();
        Assert.True(report.IsIntact, string.Join('\n', report.Findings.Kept));
    }

    private async Task FillAsync()
    {
        await using var journal = await StartAsync(options => options with { SegmentBytes = 6_000 });
        for (var batch = 0; batch < 8; batch++)
        {
            Record(journal, 4);
            await journal.FlushAsync(Cancelled);
        }

        Assert.True(Segments().Length >= 5);
    }
}
