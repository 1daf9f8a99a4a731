using Gateway.Core.Credentials;
using static Gateway.Core.Tests.Credentials.LeaseStoreFixture;

namespace Gateway.Core.Tests.Credentials;

public sealed class RevocationWorkerTests : IDisposable
{
    private readonly LeaseStoreFixture _fixture = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_IssuerDownAndBackLater_TriesWithGrowingPausesUntilItIsConfirmed()
    {
        var provider = _fixture.Revocable(TimeSpan.FromDays(1));
        var isDown = true;
        var attempts = new List<DateTimeOffset>();
        provider.Revoke = _ =>
        {
            attempts.Add(_fixture.Clock.GetUtcNow());
            return isDown ? throw new CredentialIssueException("no connection.") : new(RevocationOutcome.Confirmed);
        };
        await EndALeaseAsync(provider);
        await EventuallyAsync(() => attempts.Count == 1 && Listed().NextAttemptAt is not null, "the first attempt");

        var listed = Listed();
        Assert.Equal((LeaseState.Owed, 1, "no connection."), (listed.State, listed.Attempts, listed.Problem));
        while (attempts.Count < 12)
        {
            await NextAttemptAsync(attempts);
        }

        var pauses = attempts.Zip(attempts.Skip(1), (a, b) => b - a).ToArray();
        for (var i = 0; i < 8; i++)
        {
            Assert.InRange(pauses[i], Math.Pow(2, i) * 0.8 * Second, Math.Pow(2, i) * 1.21 * Second);
        }

        Assert.All(pauses[9..], pause => Assert.InRange(pause, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6.01)));
        isDown = false;
        await NextAttemptAsync(attempts);
        await EventuallyAsync(() => _fixture.Ledger.Open.Count == 0, "the settlement");

        Assert.Empty(_fixture.Store.List());

        // One event says that it is queued, not one per attempt.
        Assert.Equal(
            [LeaseRevocation.Queued, LeaseRevocation.Confirmed],
            _fixture.Ledger.Events.Where(e => e.Kind == LeaseEventKind.Revoked).Select(e => e.Revocation));
    }

    [Fact]
    public async Task RunAsync_IssuerNamesAPause_IsNotAskedEarlier()
    {
        var provider = _fixture.Revocable(TimeSpan.FromDays(1));
        provider.Revoke = _ => throw new CredentialIssueException("503.") { RetryAfter = TimeSpan.FromSeconds(90) };
        await EndALeaseAsync(provider);
        await EventuallyAsync(() => Listed().NextAttemptAt is not null, "the first attempt");

        Assert.Equal(_fixture.Clock.GetUtcNow() + (90 * Second), Listed().NextAttemptAt);
    }

    [Fact]
    public async Task Revoke_OwedOrStuck_IsTriedAtOnce()
    {
        var provider = _fixture.Revocable(TimeSpan.FromDays(1));
        var answer = RevocationOutcome.Owed;
        provider.Revoke = _ => new(answer);
        await _fixture.AcquireAsync(Define(provider), Key(task: "t"));
        _fixture.Store.EndTask("t");
        foreach (var next in new[] { RevocationOutcome.Refused, RevocationOutcome.Confirmed })
        {
            var attempts = provider.Revocations.Count;
            await EventuallyAsync(() => Listed().Attempts == provider.Revocations.Count && !provider.Revocations.IsEmpty, "the failure");
            answer = next;

            Assert.Equal(LeaseRevocation.Queued, _fixture.Store.Revoke(Listed().Lease, "operator")?.Revocation);

            await EventuallyAsync(() => provider.Revocations.Count > attempts, "another attempt, though no time passed");
        }

        await EventuallyAsync(() => _fixture.Ledger.Open.Count == 0, "the settlement");
        Assert.Equal("operator", _fixture.Ledger.Events.Last().By);
        Assert.Null(_fixture.Store.Revoke("nothing", "operator"));
    }

    [Fact]
    public async Task Revoke_WaitsForItsCover_IsTriedByItself()
    {
        var provider = Covered(out _);
        provider.Revoke = revocation => new(revocation.Kind == "cover" ? RevocationOutcome.Owed : RevocationOutcome.Confirmed);
        var lease = await _fixture.AcquireAsync(Define(provider), Key("a", "t"));
        _fixture.Store.EndTask("t");
        await EventuallyAsync(() => provider.Revocations.Count == 1, "the cover's attempt");

        Assert.NotNull(_fixture.Store.Revoke(lease.Reference!.Id, "operator"));

        await EventuallyAsync(() => _fixture.Ledger.Settlements.Count == 1, "the revocation");
        Assert.Equal(["the-cover", "lease-1"], provider.Revocations);
    }

    [Fact]
    public async Task RunAsync_ExpiredBeforeItSucceeded_IsGivenUpAfterOneMoreAttempt()
    {
        var provider = _fixture.Revocable(100 * Second);
        provider.Revoke = _ => throw new CredentialIssueException("down.");
        var task = Key(task: "t");
        var end = _fixture.Clock.GetUtcNow() + (100 * Second);
        await _fixture.AcquireAsync(Define(provider), task);
        var queued = Assert.Single(await _fixture.Store.SettleTaskAsync("t", TimeSpan.Zero, Cancellation));

        await _fixture.AdvanceUntilAsync(() => _fixture.Ledger.Open.Count == 0, Second, "the end of the attempts");

        var failed = Assert.Single(await _fixture.Store.AccountsAsync("t", Cancellation));
        Assert.Equal((LeaseRevocation.Queued, LeaseRevocation.Failed), (queued.Revocation, failed.Revocation));
        Assert.True(_fixture.Clock.GetUtcNow() >= end);
        Assert.Equal(DebtState.Expired, Assert.Single(_fixture.Ledger.Settlements).Outcome);
    }

    [Theory]
    [InlineData(nameof(RevocationOutcome.Unsupported))]
    [InlineData(nameof(RevocationOutcome.Confirmed))]
    public async Task RunAsync_IssuerAnswers_AccountSaysSo(string outcome)
    {
        var provider = _fixture.Revocable(100 * Second);
        provider.Revoke = _ => new(Enum.Parse<RevocationOutcome>(outcome));
        await _fixture.AcquireAsync(Define(provider), Key(task: "t"));

        var account = Assert.Single(await _fixture.Store.SettleTaskAsync("t", 5 * Second, Cancellation));

        Assert.Equal(outcome, account.Revocation.ToString());
        Assert.Single(provider.Revocations);
    }

    [Fact]
    public async Task RunAsync_IssuerRefuses_IsStuckAndTriedAgainNevertheless()
    {
        var provider = _fixture.Revocable(TimeSpan.FromDays(1));
        var allowed = false;
        provider.Revoke = _ => new(allowed ? RevocationOutcome.Confirmed : RevocationOutcome.Refused);
        await _fixture.AcquireAsync(Define(provider), Key(task: "t"));
        _fixture.Store.EndTask("t");
        await EventuallyAsync(() => Listed().State == LeaseState.Stuck, "the refusal");
        Assert.Equal(LeaseRevocation.Failed, Assert.Single(await _fixture.Store.AccountsAsync("t", Cancellation)).Revocation);

        allowed = true;
        await _fixture.AdvanceUntilAsync(() => _fixture.Ledger.Open.Count == 0, Second, "the revocation");

        Assert.Equal(LeaseRevocation.Confirmed, Assert.Single(await _fixture.Store.AccountsAsync("t", Cancellation)).Revocation);
    }

    [Fact]
    public async Task RunAsync_LeftByAProcessBeforeAndItsCredentialGone_IsStuckUntilItIsConfiguredAgain()
    {
        using var former = new LeaseStoreFixture(works: false);
        var provider = former.Revocable(TimeSpan.FromDays(1));
        await former.AcquireAsync(Define(provider), Key(task: "t"));
        using var fixture = new LeaseStoreFixture(ledger: former.Ledger);

        await fixture.Store.RestoreAsync(Cancellation);
        await EventuallyAsync(() => fixture.Store.List() is [{ State: LeaseState.Stuck }], "the look at the configuration");
        Assert.Contains("no longer configured", fixture.Store.List()[0].Problem, StringComparison.Ordinal);

        fixture.Providers["credential"] = provider;
        await fixture.AdvanceUntilAsync(() => fixture.Ledger.Open.Count == 0, Second, "the revocation");
        Assert.Equal(["token-00000001"], provider.Revocations);
    }

    [Fact]
    public async Task RunAsync_CredentialIsObtainedElsewhereNow_IsStuckAndNobodyIsAsked()
    {
        using var former = new LeaseStoreFixture(works: false);
        var provider = former.Revocable(TimeSpan.FromDays(1));
        await former.AcquireAsync(Define(provider), Key(task: "t"));
        using var fixture = new LeaseStoreFixture(ledger: former.Ledger);
        provider.Issued = _ => false;
        fixture.Providers["credential"] = provider;

        await fixture.Store.RestoreAsync(Cancellation);
        await EventuallyAsync(() => fixture.Store.List() is [{ State: LeaseState.Stuck }], "the look at the issuer");

        Assert.Contains("configured otherwise now", fixture.Store.List()[0].Problem, StringComparison.Ordinal);
        Assert.Equal(LeaseRevocation.Failed, Assert.Single(await fixture.Store.AccountsAsync("t", Cancellation)).Revocation);
        Assert.Empty(provider.Revocations);
        provider.Issued = _ => true;
        await fixture.AdvanceUntilAsync(() => fixture.Ledger.Open.Count == 0, Second, "the revocation");
    }

    [Fact]
    public async Task RunAsync_CredentialWasChangedWhileInUse_IsRevokedWhereItWasIssued()
    {
        var former = _fixture.Revocable(TimeSpan.FromDays(1));
        var changed = _fixture.Revocable(TimeSpan.FromDays(1));
        changed.Issued = _ => false;
        _fixture.Providers["credential"] = changed;

        await EndALeaseAsync(former);

        await EventuallyAsync(() => _fixture.Ledger.Open.Count == 0, "the revocation");
        Assert.Equal((1, 0), (former.Revocations.Count, changed.Revocations.Count));
    }

    [Fact]
    public async Task RestoreAsync_TaskOwesFromBefore_ItsNewLeasesWaitForTheFirstAttempt()
    {
        using var former = new LeaseStoreFixture(works: false);
        var provider = former.Revocable(TimeSpan.FromDays(1));
        await former.AcquireAsync(Define(provider), Key(task: "t"));
        using var fixture = new LeaseStoreFixture(ledger: former.Ledger);
        var attempt = new TaskCompletionSource<RevocationOutcome>();
        provider.Revoke = _ => new(attempt.Task);
        fixture.Providers["credential"] = provider;
        await fixture.Store.RestoreAsync(Cancellation);
        await EventuallyAsync(() => provider.Revocations.Count == 1, "the attempt");

        var held = fixture.AcquireAsync(Define(provider), Key(task: "t"));
        var other = await fixture.AcquireAsync(Define(provider), Key(task: "u"));

        Assert.True(other.Succeeded);
        Assert.Equal(2, provider.Calls); // of the former process and of the other task
        attempt.SetResult(RevocationOutcome.Confirmed);
        Assert.True((await held).Succeeded);
        Assert.Equal(3, provider.Calls);
    }

    [Fact]
    public async Task RestoreAsync_IssuerDoesNotAnswer_HoldsNewLeasesForFiveSecondsOnly()
    {
        using var former = new LeaseStoreFixture(works: false);
        var provider = former.Revocable(TimeSpan.FromDays(1));
        await former.AcquireAsync(Define(provider), Key(task: "t"));
        using var fixture = new LeaseStoreFixture(ledger: former.Ledger);
        provider.Revoke = _ => new(new TaskCompletionSource<RevocationOutcome>().Task);
        fixture.Providers["credential"] = provider;
        await fixture.Store.RestoreAsync(Cancellation);

        var held = fixture.AcquireAsync(Define(provider), Key(task: "t"));
        await Task.Delay(50, Cancellation);
        Assert.Equal(1, provider.Calls);
        fixture.Clock.Advance(5 * Second);

        Assert.True((await held).Succeeded);
    }

    [Fact]
    public async Task EndTask_DebtsUnderOneCover_AreEachConfirmedAfterIt()
    {
        var provider = Covered(out var cover);
        var ids = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            ids.Add((await _fixture.AcquireAsync(Define(provider), Key($"agent-{i}", "t"))).Reference!.Id);
        }

        var accounts = await _fixture.Store.SettleTaskAsync("t", 5 * Second, Cancellation);

        // What the cover ends, it ends in its own time: each is asked about, and the cover goes first.
        Assert.Equal("the-cover", provider.Revocations.First());
        Assert.Equal(11, provider.Revocations.Distinct().Count());
        Assert.Equal(11, _fixture.Ledger.Settlements.Count);
        Assert.Equal(ids.Order(), accounts.Select(a => a.Id).Order());
        Assert.All(accounts, a => Assert.Equal(LeaseRevocation.Confirmed, a.Revocation));
        Assert.Equal([cover(), .. ids.Order()], _fixture.Ledger.Events.Where(e => e.Kind == LeaseEventKind.Revoked).Select(e => e.Lease).OrderBy(l => l == cover() ? "" : l));
    }

    [Fact]
    public async Task Revoke_OneLeaseUnderACoverInUse_IsRevokedByItself()
    {
        var provider = Covered(out _);
        var lease = await _fixture.AcquireAsync(Define(provider), Key("a", "t"));
        var other = await _fixture.AcquireAsync(Define(provider), Key("b", "t"));

        _fixture.Store.Revoke(lease.Reference!.Id, "operator");

        await EventuallyAsync(() => _fixture.Ledger.Settlements.Count == 1, "the revocation");
        Assert.Equal(["lease-1"], provider.Revocations);
        Assert.True(_fixture.Store.TryGet(other.Reference!, out _));
    }

    [Fact]
    public async Task EndTask_CoverRefused_WhatItCoversIsRevokedByItself()
    {
        var provider = Covered(out _);
        provider.Revoke = revocation => new(revocation.Kind == "cover" ? RevocationOutcome.Refused : RevocationOutcome.Confirmed);
        await _fixture.AcquireAsync(Define(provider), Key("a", "t"));
        await _fixture.AcquireAsync(Define(provider), Key("b", "t"));

        _fixture.Store.EndTask("t");

        await EventuallyAsync(() => _fixture.Ledger.Settlements.Count == 2, "the revocations");
        Assert.Equal(["lease-1", "lease-2", "the-cover"], provider.Revocations.Order());
    }

    [Fact]
    public async Task AcquireAsync_IssuanceUnderACoverFails_TheCoverLivesOn()
    {
        var fails = true;
        var provider = Covered(out _, () => fails);
        Assert.False((await _fixture.AcquireAsync(Define(provider), Key("a", "t"))).Succeeded);
        fails = false;
        _fixture.Clock.Advance(5 * Second);
        Assert.True((await _fixture.AcquireAsync(Define(provider), Key("a", "t"))).Succeeded);
        Assert.Empty(provider.Revocations);

        _fixture.Store.EndTask("t");

        await EventuallyAsync(() => _fixture.Ledger.Open.Count == 0, "the revocation");
        Assert.Equal(["the-cover", "lease-1"], provider.Revocations);
    }

    [Fact]
    public async Task RunAsync_ManyDebtsOfOneCredential_AskEightAtATime()
    {
        var provider = _fixture.Revocable(TimeSpan.FromDays(1));
        var (now, most) = (0, 0);
        provider.Revoke = async _ =>
        {
            var current = Interlocked.Increment(ref now);
            lock (provider)
            {
                most = Math.Max(most, current);
            }

            await Task.Delay(5, Cancellation);
            Interlocked.Decrement(ref now);
            return RevocationOutcome.Confirmed;
        };
        for (var i = 0; i < 100; i++)
        {
            await _fixture.AcquireAsync(Define(provider), Key($"agent-{i}", "t"));
        }

        _fixture.Store.EndTask("t");

        await EventuallyAsync(() => _fixture.Ledger.Open.Count == 0, "the revocations");
        Assert.Equal((100, 8), (provider.Revocations.Count, most));
    }

    [Fact]
    public async Task RunAsync_OutcomeCannotBeRemembered_IsKeptUntilItCanWithoutAskingAgain()
    {
        var provider = _fixture.Revocable(TimeSpan.FromDays(1));
        await _fixture.AcquireAsync(Define(provider), Key(task: "t"));
        _fixture.Ledger.IsFull = true;
        _fixture.Store.EndTask("t");
        await EventuallyAsync(() => _fixture.WorkerLog.Entries.Any(e => e.Id.Id == 3022), "the failure");

        _fixture.Ledger.IsFull = false;
        await _fixture.AdvanceUntilAsync(() => _fixture.Ledger.Open.Count == 0, Second, "the settlement");

        Assert.Single(provider.Revocations);
        Assert.Equal(LeaseRevocation.Confirmed, Assert.Single(await _fixture.Store.AccountsAsync("t", Cancellation)).Revocation);
    }

    [Fact]
    public async Task RunAsync_ProviderFaults_SaysTheKindOnly()
    {
        var provider = _fixture.Revocable(TimeSpan.FromDays(1));
        provider.Revoke = revocation => throw new InvalidOperationException(revocation.Handle.Reveal());

        await EndALeaseAsync(provider);
        await EventuallyAsync(() => Listed().Problem is not null, "the attempt");

        Assert.Equal("Fault in the provider (InvalidOperationException).", Listed().Problem);
    }

    private LeaseListing Listed() => Assert.Single(_fixture.Store.List());

    private async Task EndALeaseAsync(ScriptedProvider provider)
    {
        var lease = await _fixture.AcquireAsync(Define(provider));
        Assert.NotNull(_fixture.Store.Revoke(lease.Reference!.Id, "operator"));
    }

    private async Task NextAttemptAsync(List<DateTimeOffset> attempts)
    {
        var count = attempts.Count;
        await EventuallyAsync(() => Listed().Attempts == count, "the end of the attempt");
        await _fixture.AdvanceUntilAsync(() => attempts.Count > count, 0.05 * Second * Math.Min(Math.Pow(2, count), 100), "another attempt");
    }

    /// <summary>Issues leases under one token per task, as Vault does.</summary>
    private ScriptedProvider Covered(out Func<string?> coverId, Func<bool>? fails = null)
    {
        string? cover = null;
        var number = 0;
        coverId = () => cover;
        return new ScriptedProvider(async (request, cancellationToken) =>
        {
            cover ??= await request.Ledger.OweAsync(
                new Revocation("cover", new SecretValue("the-cover"), _fixture.Clock.GetUtcNow() + TimeSpan.FromDays(1)) { ServesTask = true }, null, cancellationToken);
            if (fails?.Invoke() == true)
            {
                throw new CredentialIssueException("down.");
            }

            var lease = $"lease-{Interlocked.Increment(ref number)}";
            var debt = await request.Ledger.OweAsync(new Revocation("lease", new SecretValue(lease), null), cover, cancellationToken);
            return ScriptedProvider.Token($"token-{lease}", _fixture.Clock.GetUtcNow() + TimeSpan.FromHours(1)) with { Debt = debt };
        });
    }
}
