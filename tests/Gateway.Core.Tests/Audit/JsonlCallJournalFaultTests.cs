using System.Diagnostics;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

/// <summary>What breaks under a running journal: calls are refused, nothing acknowledged is lost, service resumes by itself.</summary>
public sealed class JsonlCallJournalFaultTests : JournalTestBase
{
    [Fact]
    public async Task StartAsync_DirectoryCannotBeMade_StartsUnavailableAndRecovers()
    {
        await File.WriteAllTextAsync(AuditDirectory, "a file in the way", Cancelled);
        await using var journal = await StartAsync();
        Assert.False(journal.IsAvailable);
        Assert.False(journal.TryAdmit());
        Assert.Equal(CallJournalState.Unavailable, journal.Status.State);
        Assert.NotNull(journal.Status.LastError);
        Assert.True(Log.Has(4001));

        File.Delete(AuditDirectory);
        await UntilAsync(() => journal.IsAvailable, "recovery");
        Record(journal, 3);
        await journal.FlushAsync(Cancelled);
        AssertGapless(3);
    }

    [Fact]
    public async Task StartAsync_OutageLasts_IsToldOnceAndNotAtEveryAttempt()
    {
        await File.WriteAllTextAsync(AuditDirectory, "a file in the way", Cancelled);
        await using var journal = await StartAsync(options => options with { CheckInterval = TimeSpan.FromMilliseconds(2) });
        await Task.Delay(100, Cancelled);
        Assert.InRange(Log.Entries.Count(entry => entry.Id == 4001), 1, 3);
    }

    [Fact]
    public async Task IsAvailable_DirectoryDeletedWhileIdle_BecomesFalseBeforeACallAndRecovers()
    {
        await using var journal = await StartAsync(options => options with { CheckInterval = TimeSpan.FromMilliseconds(500) });
        Directory.Delete(AuditDirectory, recursive: true);
        await UntilAsync(() => !journal.IsAvailable, "the check notices");
        Assert.False(journal.TryAdmit());

        await UntilAsync(() => journal.IsAvailable, "recovery");
        Record(journal, 2);
        await journal.FlushAsync(Cancelled);
        AssertGapless(2);
    }

    [Fact]
    public async Task IsAvailable_DirectoryReplacedByAFile_BecomesFalseAndRecovers()
    {
        await using var journal = await StartAsync();
        Record(journal, 5);
        await journal.FlushAsync(Cancelled);
        Directory.Delete(AuditDirectory, recursive: true);
        await File.WriteAllTextAsync(AuditDirectory, "a file in the way", Cancelled);
        await UntilAsync(() => !journal.IsAvailable, "the check notices");

        File.Delete(AuditDirectory);
        await UntilAsync(() => journal.IsAvailable, "recovery");
        Record(journal, 5);
        await journal.FlushAsync(Cancelled);

        // The deleted segment was still open, so that even its records are back.
        AssertGapless(10);
        Assert.True(Log.Has(4007));
        Assert.True(Log.Has(4002));
    }

    [Fact]
    public async Task Record_SegmentDeletedUnderLoad_LosesNothing()
    {
        await using var journal = await StartAsync();
        for (var round = 0; round < 5; round++)
        {
            for (var recorded = 0; recorded < 200;)
            {
                if (journal.TryAdmit())
                {
                    journal.Record(Calls.Refused("policy_denied", 403));
                    recorded++;
                }
                else
                {
                    await Task.Delay(1, Cancelled);
                }
            }

            // At any moment: some records are on file, some in a batch, some queued.
            await Task.Delay(Random.Shared.Next(4), Cancelled);
            foreach (var segment in Segments())
            {
                File.Delete(segment);
            }
        }

        await journal.FlushAsync(Cancelled);
        await UntilAsync(() => Segments().Length > 0 && journal.IsAvailable, "the last deletion is noticed and made good");
        AssertGapless(1000);
    }

    [Fact]
    public async Task Record_SegmentReplaced_WritesToANewOne()
    {
        await using var journal = await StartAsync();
        Record(journal, 5);
        await journal.FlushAsync(Cancelled);
        var segment = Assert.Single(Segments());
        var other = Path.Combine(Root, "other");
        await File.WriteAllTextAsync(other, "", Cancelled);
        File.Move(other, segment, overwrite: true);
        await UntilAsync(() => Log.Has(4007), "the check notices");
        await UntilAsync(() => journal.IsAvailable, "recovery");
        Record(journal, 5);
        await journal.FlushAsync(Cancelled);
        AssertGapless(10);
    }

    [Fact]
    public async Task Record_DirectoryMovedAway_GoesOnWithoutGapOrDuplicate()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc to tell a moved file from one in place.");
        var moved = Path.Combine(Root, "moved");
        await using (var journal = await StartAsync())
        {
            Record(journal, 5);
            await journal.FlushAsync(Cancelled);
            Directory.Move(AuditDirectory, moved);
            await UntilAsync(() => Log.Has(4008), "the check notices");
            await UntilAsync(() => journal.IsAvailable, "recovery");
            Record(journal, 5);
        }

        Assert.Equal(5, Recorded(moved).Count);
        Assert.Equal(5, Recorded().Count);
        long[] all = [.. Sequences(moved), .. Sequences()];
        Assert.Equal(Enumerable.Range(1, all.Length).Select(number => (long)number), all);
    }

    [Fact]
    public async Task Record_SegmentTruncatedByAnother_SaysSoAndBeginsANewOne()
    {
        await using var journal = await StartAsync();
        Record(journal, 5);
        await journal.FlushAsync(Cancelled);
        await using (var file = new FileStream(Segments()[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        await UntilAsync(() => Log.Has(4009), "the check notices");
        await UntilAsync(() => journal.IsAvailable, "recovery");
        Record(journal, 5);
        await journal.FlushAsync(Cancelled);
        Assert.Equal(5, Recorded().Count);
        var kept = Sequences();
        Assert.InRange(kept[0], 7, 8);
        Assert.Equal(Enumerable.Range((int)kept[0], kept.Count).Select(number => (long)number), kept);
        Assert.Contains("records 1 to", Log.Entries.First(entry => entry.Id == 4009).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_SegmentAppendedToByAnother_NeverContinuesThatFile()
    {
        await using var journal = await StartAsync();
        Record(journal, 5);
        await journal.FlushAsync(Cancelled);
        var forged = Segments()[0];
        await File.AppendAllTextAsync(forged, "{\"forged\":true}\n", Cancelled);
        await UntilAsync(() => Log.Has(4009), "the check notices");
        await UntilAsync(() => journal.IsAvailable, "recovery");
        Record(journal, 1);
        await journal.FlushAsync(Cancelled);
        Assert.Equal(2, Segments().Length);
        Assert.EndsWith("{\"forged\":true}\n", await File.ReadAllTextAsync(forged, Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_DiskFull_HoldsRecordsRefusesCallsAndResumes()
    {
        await using var disk = await SmallDisk.MountAsync(Root, 1024 * 1024, Cancelled);
        var journal = Create(options => options with { Directory = Path.Combine(disk.Path, "audit") });
        await using (journal)
        {
            await journal.StartAsync(Cancelled);
            var ballast = disk.Fill(leaveBytes: 40_000);

            // Admitted as one burst, so that a batch is cut off in the middle of a line.
            const int Burst = 200;
            Admit(journal, Burst);
            RecordAdmitted(journal, Burst);
            await UntilAsync(() => !journal.IsAvailable, "the full disk is noticed");
            Assert.False(journal.TryAdmit());
            Assert.Contains("space", journal.Status.LastError, StringComparison.OrdinalIgnoreCase);
            Assert.NotEqual(0, journal.Status.Pending);

            // Also while the disk is full a reader finds whole lines, but for the moment in which an attempt is taken back.
            await UntilAsync(() => Segments(Path.Combine(disk.Path, "audit")).All(EndsWithALine), "the unfinished line is taken back");
            await Task.Delay(100, Cancelled);
            Assert.False(journal.IsAvailable);
            Assert.True(journal.Lag >= TimeSpan.FromMilliseconds(100));

            File.Delete(ballast);
            await UntilAsync(() => journal.IsAvailable, "service resumes");
            await journal.FlushAsync(Cancelled);
            Assert.Equal(TimeSpan.Zero, journal.Lag);
            AssertGapless(Burst, Path.Combine(disk.Path, "audit"));
            Record(journal, 5);
            await journal.FlushAsync(Cancelled);
            AssertGapless(Burst + 5, Path.Combine(disk.Path, "audit"));
            Assert.Single(Segments(Path.Combine(disk.Path, "audit")));
        }
    }

    [Fact]
    public async Task StartAsync_FileSystemReadOnly_StartsUnavailableAndRecovers()
    {
        await using var disk = await SmallDisk.MountAsync(Root, 256 * 1024, Cancelled);
        Assert.True(await disk.TryRemountAsync("ro", Cancelled));
        await using var journal = await StartAsync(options => options with { Directory = Path.Combine(disk.Path, "audit") });
        Assert.Equal(CallJournalState.Unavailable, journal.Status.State);
        Assert.Contains("Read-only", journal.Status.LastError, StringComparison.OrdinalIgnoreCase);

        Assert.True(await disk.TryRemountAsync("rw", Cancelled));
        await UntilAsync(() => journal.IsAvailable, "recovery");
        Record(journal, 1);
        await journal.FlushAsync(Cancelled);
        AssertGapless(1, Path.Combine(disk.Path, "audit"));
    }

    [Fact]
    public async Task DisposeAsync_DuringAnOutage_EndsInTimeAndSaysWhatIsLost()
    {
        var journal = await StartAsync(options => options with { ShutdownTimeout = TimeSpan.FromMilliseconds(300) });
        Admit(journal, 7);
        Directory.Delete(AuditDirectory, recursive: true);
        await File.WriteAllTextAsync(AuditDirectory, "a file in the way", Cancelled);
        await UntilAsync(() => !journal.IsAvailable, "the fault is noticed");
        RecordAdmitted(journal, 7);
        await journal.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.Contains(Log.Entries, entry => entry.Id == 4011 && entry.Text.Contains("7 records", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DisposeAsync_OutageEndsInTime_WritesEverything()
    {
        var journal = await StartAsync();
        Admit(journal, 7);
        Directory.Delete(AuditDirectory, recursive: true);
        await File.WriteAllTextAsync(AuditDirectory, "a file in the way", Cancelled);
        await UntilAsync(() => !journal.IsAvailable, "the fault is noticed");
        RecordAdmitted(journal, 7);
        var disposed = journal.DisposeAsync().AsTask();
        File.Delete(AuditDirectory);
        await disposed;
        AssertGapless(7);
    }

    [Fact]
    public async Task Record_UnserialisableRecord_LeavesAReducedOne()
    {
        await using var journal = await StartAsync();
        Assert.True(journal.TryAdmit());
        journal.Record(new CallRecord
        {
            Call = "poison",
            StartedAt = Calls.Start,
            Duration = default,
            Status = 200,
            Method = "GET",
            Path = "/p",
            HttpVersion = "2",
            SourceIp = System.Net.IPAddress.Loopback,
            Policies = null!,
            Decision = "allow",
        });
        Record(journal, 1);
        await journal.FlushAsync(Cancelled);
        AssertGapless(2);
        Assert.True(journal.IsAvailable);
        Assert.Contains("poison", await ReadSharedAsync(Segments()[0]), StringComparison.Ordinal);
        Assert.True(Log.Has(4004));
    }

    [Fact]
    public async Task Start_AnotherProcessHoldsTheLock_IsRefusedAndTakesOverWhenItDies()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "Needs flock(1).");
        Directory.CreateDirectory(AuditDirectory);
        var ready = Path.Combine(Root, "ready");
        string[] arguments = ["--exclusive", Path.Combine(AuditDirectory, DirectoryLock.FileName), "sh", "-c", $"touch {ready}; sleep 60"];
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", arguments))!;
        try
        {
            await UntilAsync(() => File.Exists(ready), "the other process holds the lock");
            await using var journal = await StartAsync();
            Assert.Equal(CallJournalState.Locked, journal.Status.State);
            Assert.False(journal.TryAdmit());
            other.Kill(entireProcessTree: true);
            await UntilAsync(() => journal.IsAvailable, "the lock is free");
        }
        finally
        {
            if (!other.HasExited)
            {
                other.Kill(entireProcessTree: true);
            }
        }
    }

    private static bool EndsWithALine(string segment)
    {
        using var file = new FileStream(segment, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length == 0)
        {
            return true;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private static async Task<string> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(Cancelled);
    }
}
