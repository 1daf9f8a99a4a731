using System.Text.Json;
using Gateway.Core.Audit;
using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Tests.Audit.UnderWay;

/// <summary>Calls whose process ends before they do; the file is copied while they are under way, as a kill would leave it.</summary>
public sealed class OpenCallsTests : JournalTestBase
{
    [Fact]
    public async Task StartAsync_CallsLeftOpen_AreRecordedAsInterrupted()
    {
        string[] left;
        await using (var journal = await StartAsync())
        {
            Record(journal, 3);
            left = [.. (await OpenAsync(journal, 20)).Select(call => call.Call)];
            await journal.FlushAsync(Cancelled);
            CopyAsKilled();
        }

        Directory.Delete(AuditDirectory, recursive: true);
        Directory.Move(Killed, AuditDirectory);
        await using (var journal = await StartAsync())
        {
            await journal.FlushAsync(Cancelled);
            Record(journal, 1);
        }

        AssertGapless(24);
        var interrupted = Events().Where(e => e.TryGetProperty("status_code", out var code) && code.GetString() == "interrupted").ToList();
        Assert.Equal(left.Order(), interrupted.Select(Uid).Order());
        Assert.All(interrupted, e => Assert.True(e.GetProperty("unmapped").GetProperty("gateway").GetProperty("forwarded").GetBoolean()));
        Assert.All(interrupted, e => Assert.Equal(("Unknown", "Allowed"), (e.GetProperty("status").GetString(), e.GetProperty("action").GetString())));
        Assert.Empty(interrupted.SelectMany(e => OcsfSchemas.Validate(e.GetRawText())));
        Assert.True(Log.Has(4013));
    }

    [Fact]
    public async Task StartAsync_CallsThatWereRecorded_AreNotRecordedAgain()
    {
        await using (var journal = await StartAsync())
        {
            foreach (var (record, open) in await OpenWithHandlesAsync(journal, 20))
            {
                journal.Record(record, open);
            }
        }

        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
        }

        AssertGapless(21);
        Assert.False(Log.Has(4013));
    }

    [Fact]
    public async Task StartAsync_TwiceAfterAKill_RecordsOnce()
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
            await OpenAsync(journal, 5);
            await journal.FlushAsync(Cancelled);
            CopyAsKilled();
        }

        Directory.Delete(AuditDirectory, recursive: true);
        Directory.Move(Killed, AuditDirectory);
        for (var start = 0; start < 3; start++)
        {
            await using var journal = await StartAsync();
            await journal.FlushAsync(Cancelled);
        }

        AssertGapless(6);
    }

    [Fact]
    public async Task StartAsync_FileOfOpenCallsSpoilt_IsBegunAnew()
    {
        Directory.CreateDirectory(AuditDirectory);
        var path = Path.Combine(AuditDirectory, OpenCallFile.FileName);
        await File.WriteAllBytesAsync(path, [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))], Cancelled);
        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
            await OpenAsync(journal, 2);
        }

        Assert.False(Log.Has(4013));
        AssertGapless(1);
    }

    [Fact]
    public async Task OpenAsync_MoreThanThereIsRoomFor_IsRefusedAndTheRestGoesOn()
    {
        await using var journal = await StartAsync(options => options with { OpenCallsPerRegion = 4, MaxOpenCalls = 8 });
        var open = await OpenWithHandlesAsync(journal, 8);
        Assert.True(journal.TryAdmit());
        var late = Calls.Allowed();
        Assert.True((await journal.OpenAsync(late, Cancelled)).IsNone);
        journal.Record(late);
        journal.Record(open[0].Record, open[0].Open);
        await journal.FlushAsync(Cancelled);

        await OpenWithHandlesAsync(journal, 1);
        AssertGapless(2);
        await EndAsync(journal, open.Skip(1));
    }

    [Fact]
    public async Task IsAvailable_FileOfOpenCallsDeleted_IsMadeAgainWithWhatItHeld()
    {
        string[] left;
        await using (var journal = await StartAsync())
        {
            left = [.. (await OpenAsync(journal, 5)).Select(call => call.Call)];
            File.Delete(Path.Combine(AuditDirectory, OpenCallFile.FileName));
            await UntilAsync(() => File.Exists(Path.Combine(AuditDirectory, OpenCallFile.FileName)) && journal.IsAvailable, "the file is made again");
            left = [.. left, .. (await OpenAsync(journal, 5)).Select(call => call.Call)];
            CopyAsKilled();
        }

        Directory.Delete(AuditDirectory, recursive: true);
        Directory.Move(Killed, AuditDirectory);
        await using (var journal = await StartAsync())
        {
            await journal.FlushAsync(Cancelled);
        }

        Assert.Equal(left.Order(), Recorded().Order());
    }

    [Fact]
    public async Task OpenAsync_Fsync_OpensAndRecordsAll()
    {
        await using (var journal = await StartAsync(options => options with { Durability = CallJournalDurability.Fsync, OpenCallsPerRegion = 64 }))
        {
            await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
            {
                var record = Calls.Allowed();
                Assert.True(journal.TryAdmit());
                var open = await journal.OpenAsync(record, Cancelled);
                Assert.False(open.IsNone);
                journal.Record(record, open);
            }));
        }

        AssertGapless(64);
    }

    private string Killed => Path.Combine(Root, "killed");

    private static string Uid(JsonElement logged) => logged.GetProperty("metadata").GetProperty("uid").GetString()!;

    private static async Task<IReadOnlyList<CallRecord>> OpenAsync(JsonlCallJournal journal, int count) =>
        [.. (await OpenWithHandlesAsync(journal, count)).Select(o => o.Record)];

    private static async Task<IReadOnlyList<(CallRecord Record, OpenCall Open)>> OpenWithHandlesAsync(JsonlCallJournal journal, int count)
    {
        var all = new List<(CallRecord, OpenCall)>();
        for (var index = 0; index < count; index++)
        {
            var record = Calls.Allowed();
            var open = await journal.OpenAsync(record, Cancelled);
            Assert.False(open.IsNone);
            all.Add((record, open));
        }

        return all;
    }

    private static async Task EndAsync(JsonlCallJournal journal, IEnumerable<(CallRecord Record, OpenCall Open)> calls)
    {
        foreach (var (record, open) in calls)
        {
            Assert.True(journal.TryAdmit());
            journal.Record(record, open);
        }

        await journal.FlushAsync(Cancelled);
    }

    /// <summary>The directory as a process that is killed now would leave it.</summary>
    private void CopyAsKilled()
    {
        Directory.CreateDirectory(Killed);
        foreach (var file in Directory.GetFiles(AuditDirectory))
        {
            if (!file.EndsWith(".lock", StringComparison.Ordinal))
            {
                using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = File.Create(Path.Combine(Killed, Path.GetFileName(file)));
                source.CopyTo(copy);
            }
        }
    }
}
