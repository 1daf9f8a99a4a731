using Gateway.Core.Audit;
using Gateway.Core.Audit.Chain;
using Gateway.Core.Audit.Verification;
using Gateway.Core.Tests.Credentials;

namespace Gateway.Core.Tests.Audit;

/// <summary>The audit key is elsewhere, and who holds it refuses, hangs and comes back: the log goes on without, and verifies.</summary>
public sealed class JsonlCallJournalSigningTests : JournalTestBase
{
    private readonly ManualClock _clock = new();
    private readonly RemoteSigner _signer = new();

    [Fact]
    public async Task Record_SignerDown_GoesOnAndIsSignedForAfterwards()
    {
        var journal = await StartAsync();
        await RecordAsync(journal, 3);
        await PassAsync(() => LogHead.Read(AuditDirectory)?.Sequence == Sequences().Count, "the head is about all of it");
        Assert.Null(journal.Status.UnsignedSince);

        _signer.IsDown = true;
        var since = _clock.GetUtcNow();
        await PassAsync(() => Log.Has(4018), "the outage is noticed", record: journal);
        await FlushAsync(journal);
        var (during, signed) = (Recorded().Count, Events().Count(IsStatement));
        await RecordAsync(journal, 20);

        Assert.True(journal.IsAvailable && journal.TryAdmit(), $"{journal.Status}");
        RecordAdmitted(journal, 1);
        await FlushAsync(journal);
        Assert.InRange(journal.Status.UnsignedSince!.Value, since, _clock.GetUtcNow());
        Assert.Equal(during + 21, Recorded().Count);
        Assert.Equal(signed, Events().Count(IsStatement));
        var unsigned = Verify();
        Assert.True(unsigned.IsIntact, Show(unsigned));
        Assert.InRange(unsigned.Unsigned, 21, during + 21);

        // For longer than one attempt: it is told once.
        await PassAsync(() => _clock.GetUtcNow() - since > TimeSpan.FromSeconds(20), "two more attempts");
        _signer.IsDown = false;
        await PassAsync(() => journal.Status.UnsignedSince is null, "it is signed for again");
        await RecordAsync(journal, 1);
        await StopAsync(journal);

        Assert.Equal((1, 1), (Log.Entries.Count(e => e.Id == 4018), Log.Entries.Count(e => e.Id == 4019)));
        AssertGapless(during + 22);
        AssertWhollySigned();
    }

    [Fact]
    public async Task Record_SignerHangs_WaitsOnceForEachInterval()
    {
        var journal = await StartAsync();
        await RecordAsync(journal, 1);
        var (asked, held, spell) = (_signer.Asked, 0, 0);

        // Twenty seconds, in which there is time to ask three times: wait three seconds, rest for five.
        _signer.Hangs = true;
        for (var step = 1; step <= 200; step++)
        {
            var count = step + 1;
            Record(journal, 1);
            await UntilAsync(() => _signer.IsAwaited || Recorded().Count == count, "the record is on file, or somebody waits for a signature");
            spell = _signer.IsAwaited ? spell + 1 : 0;
            if (spell > 31)
            {
                await UntilAsync(() => !_signer.IsAwaited, "nobody waits for longer than three seconds");
                spell = 0;
            }

            held += spell > 0 ? 1 : 0;
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_signer.Asked - asked, 2, 3);
        Assert.InRange(held, 20, 95);
        Assert.True(journal.IsAvailable, $"{journal.Status}");
        _signer.Hangs = false;
        await PassAsync(() => Log.Has(4019), "it is signed for again");
        await StopAsync(journal);
        AssertGapless(201);
        AssertWhollySigned();
    }

    [Fact]
    public async Task Record_SignerHangsAndHeedsNothing_IsLeftBehind()
    {
        var journal = await StartAsync();
        await RecordAsync(journal, 1);
        (_signer.Hangs, _signer.HeedsItsToken) = (true, false);

        await PassAsync(() => Log.Has(4018), "the time-out", record: journal);
        _signer.Hangs = false;
        await PassAsync(() => Log.Has(4019), "it is signed for again");
        await StopAsync(journal);

        Assert.Contains(Log.Entries, e => e.Id == 4018 && e.Text.EndsWith("There was no signature within 3 s.", StringComparison.Ordinal));
        AssertGapless(Recorded().Count);
        AssertWhollySigned();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_SignerDown_TakesNoCallsAndLosesNothing(bool hangs)
    {
        (_signer.IsDown, _signer.Hangs) = (true, hangs);
        var starting = StartAsync();
        await PassAsync(() => starting.IsCompleted, "the first attempt");
        var journal = await starting;
        Assert.Equal((false, false, CallJournalState.Unavailable), (journal.IsAvailable, journal.TryAdmit(), journal.Status.State));
        Assert.True(Log.Has(4001) && !Log.Has(4003));
        for (var number = 0; number < 5; number++)
        {
            journal.Record(new EntityEvent { Id = $"e{number}", At = Calls.Start, Activity = EntityActivity.Create, Type = "Task", Entity = "t" });
        }

        var again = _signer.Asked + 3;
        await PassAsync(() => _signer.Asked >= again, "more attempts");
        Assert.Empty(Segments());

        (_signer.IsDown, _signer.Hangs) = (false, false);
        await PassAsync(() => journal.IsAvailable, "the log is open");
        await RecordAsync(journal, 2);
        await StopAsync(journal);

        AssertGapless(7);
        AssertWhollySigned();
    }

    [Fact]
    public async Task Record_SegmentFullWhileSignerIsDown_EndsItAfterwards()
    {
        var journal = await StartAsync(options => options with { SegmentBytes = 8_000 });
        await RecordAsync(journal, 1);
        _signer.IsDown = true;
        await PassAsync(() => Log.Has(4018), "the outage is noticed", record: journal);
        for (var batch = 0; batch < 10; batch++)
        {
            await RecordAsync(journal, 4);
        }

        Assert.True(new FileInfo(Assert.Single(Segments())).Length > 16_000);
        _signer.IsDown = false;
        await PassAsync(() => Log.Has(4019), "it is signed for again");
        await RecordAsync(journal, 1);
        await StopAsync(journal);

        Assert.True(Segments().Length > 1);
        AssertGapless(Recorded().Count);
        AssertWhollySigned();
    }

    [Theory]
    [InlineData("\"kind\":\"retention\"")]
    [InlineData("\"kind\":\"interval\"")]
    public async Task Retain_NobodySignsForIt_DeletesNothingUntilSomebodyDoes(string refused)
    {
        var filling = await StartAsync(options => options with { SegmentBytes = 6_000 });
        for (var batch = 0; batch < 8; batch++)
        {
            await RecordAsync(filling, 4);
        }

        await StopAsync(filling);
        foreach (var segment in Segments())
        {
            var first = CallSegmentName.Parse(Path.GetFileName(segment))!.Value.First;
            File.Move(segment, Path.Combine(AuditDirectory, CallSegmentName.Format(_clock.GetUtcNow().AddDays(-10), first)));
        }

        var before = Segments().Length;
        _signer.Refuses = payload => payload.Contains(refused, StringComparison.Ordinal);
        var journal = await StartAsync(options => options with { Retention = TimeSpan.FromDays(5) });
        await PassAsync(() => Log.Has(4018), "nobody signs", record: journal);
        Assert.False(Log.Has(4015));
        Assert.InRange(Segments().Length, before, before + 1);
        Assert.True(Verify().IsIntact, Show(Verify()));

        _signer.Refuses = null;
        await PassAsync(() => Segments().Length <= 3, "segments are deleted", step: TimeSpan.FromSeconds(1));
        await StopAsync(journal);
        AssertWhollySigned();
    }

    [Fact]
    public async Task DisposeAsync_SignerDown_LeavesALogAsAKillDoes()
    {
        var journal = await StartAsync();
        await RecordAsync(journal, 1);
        await PassAsync(() => LogHead.Read(AuditDirectory)?.Sequence == Sequences().Count, "the head is about all of it");
        _signer.IsDown = true;
        await RecordAsync(journal, 4);
        await StopAsync(journal);

        Assert.True(Log.Has(4017) && !Log.Has(4011));
        var report = Verify();
        Assert.True(report.IsIntact, Show(report));
        Assert.InRange(report.Unsigned, 4, 5);

        _signer.IsDown = false;
        journal = await StartAsync();
        await RecordAsync(journal, 1);
        await StopAsync(journal);
        AssertGapless(6);
        AssertWhollySigned();
    }

    [Fact]
    public async Task Record_SignerTakesAnotherKey_BothKeysLieBesideTheLog()
    {
        var journal = await StartAsync();
        await RecordAsync(journal, 1);
        _signer.Rotate();
        await PassAsync(() => PublicKeys().Contains(_signer.PublicKeys[1], StringComparison.Ordinal), "the new key signs", record: journal);
        Assert.Equal(string.Concat(_signer.PublicKeys), PublicKeys());
        Assert.True(Verify().IsIntact, Show(Verify()));

        // With the directory both are lost, and the log needs both.
        File.Delete(Path.Combine(AuditDirectory, PublicKeyFile.FileName));
        File.Delete(Assert.Single(Segments()));
        await PassAsync(() => Log.Has(4007) && journal.IsAvailable, "the loss is made good");
        await StopAsync(journal);
        Assert.Equal(string.Concat(_signer.PublicKeys), PublicKeys());
        AssertWhollySigned();
    }

    private Task<JsonlCallJournal> StartAsync(Func<CallJournalOptions, CallJournalOptions>? change = null) => StartAsync(
        options => (change?.Invoke(options) ?? options) with { GatherInterval = TimeSpan.Zero },
        _signer,
        _clock);

    private async Task RecordAsync(JsonlCallJournal journal, int count)
    {
        Record(journal, count);
        await FlushAsync(journal);
    }

    private async Task FlushAsync(JsonlCallJournal journal)
    {
        var flushed = journal.FlushAsync(Cancelled);
        await PassAsync(() => flushed.IsCompleted, "what was recorded is on file");
        await flushed;
    }

    private async Task StopAsync(JsonlCallJournal journal)
    {
        var stopped = journal.DisposeAsync().AsTask();
        await PassAsync(() => stopped.IsCompleted, "the journal has stopped");
        await stopped;
    }

    /// <summary>Lets the journal's time pass until something holds.</summary>
    /// <param name="condition">What.</param>
    /// <param name="what">The same in words.</param>
    /// <param name="record">Takes a record now and then meanwhile, so that there is something to sign for; null for none.</param>
    /// <param name="step">How much passes at once; null for little.</param>
    private Task PassAsync(Func<bool> condition, string what, JsonlCallJournal? record = null, TimeSpan? step = null)
    {
        var steps = 0;
        return UntilAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                if (record is not null && steps++ % 10 == 0)
                {
                    Record(record, 1);
                }

                _clock.Advance(step ?? TimeSpan.FromMilliseconds(250));
                return false;
            },
            what);
    }

    private string PublicKeys() => File.ReadAllText(Path.Combine(AuditDirectory, PublicKeyFile.FileName));

    private void AssertWhollySigned()
    {
        var report = Verify();
        Assert.True(report.IsIntact, Show(report));
        Assert.Equal(0, report.Unsigned);
    }

    private LogReport Verify()
    {
        using var keys = new VerificationKeys();
        keys.AddFile(Path.Combine(AuditDirectory, PublicKeyFile.FileName));
        return new LogVerifier(AuditDirectory, keys, []).Verify();
    }

    private static string Show(LogReport report) => string.Join('\n', report.Findings.Kept);
}
