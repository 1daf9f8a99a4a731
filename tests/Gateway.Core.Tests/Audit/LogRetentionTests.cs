using Gateway.Core.Audit;

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
            var first = CallSegmentName.Parse(Path.GetFileName(segment))!.Value.First;
            File.Move(segment, Path.Combine(AuditDirectory, CallSegmentName.Format(TimeProvider.System.GetUtcNow().AddDays(index < 3 ? -10 + index : -1), first)));
        }

        var before = Sequences().Count;
        await using (var journal = await StartAsync(options => options with { Retention = TimeSpan.FromDays(5) }))
        {
            Record(journal, 1);
            await journal.FlushAsync(Cancelled);
            await UntilAsync(() => Log.Has(4015), "segments are deleted");
        }

        var kept = Sequences();
        var firstKept = CallSegmentName.Parse(Path.GetFileName(Segments()[0]))!.Value.First;
        Assert.Equal(firstKept, kept[0]);
        Assert.True(kept[0] > 1);
        Assert.Equal(Enumerable.Range((int)kept[0], kept.Count).Select(n => (long)n), kept);
        Assert.True(kept[^1] > before);
        var deletion = Assert.Single(Events(), e => e.GetProperty("class_uid").GetInt32() == 3004 && e.GetProperty("activity_name").GetString() == "Delete");
        Assert.Equal($"1-{kept[0] - 1}", deletion.GetProperty("entity").GetProperty("uid").GetString());
        Assert.Empty(OcsfSchemas.Validate(deletion.GetRawText()));
    }

    [Fact]
    public async Task StartAsync_SomeoneStillNeedsThem_KeepsThem()
    {
        await FillAsync();
        foreach (var segment in Segments())
        {
            var first = CallSegmentName.Parse(Path.GetFileName(segment))!.Value.First;
            File.Move(segment, Path.Combine(AuditDirectory, CallSegmentName.Format(TimeProvider.System.GetUtcNow().AddDays(-10), first)));
        }

        await using (var journal = await StartAsync(options => options with { Retention = TimeSpan.FromDays(5), Delivered = () => 1 }))
        {
            Record(journal, 1);
            await journal.FlushAsync(Cancelled);
        }

        Assert.Equal(1, Sequences()[0]);
        Assert.False(Log.Has(4015));
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
