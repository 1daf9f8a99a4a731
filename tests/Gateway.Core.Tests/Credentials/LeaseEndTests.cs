using Gateway.Core.Credentials;
using static Gateway.Core.Tests.Credentials.LeaseStoreFixture;

namespace Gateway.Core.Tests.Credentials;

public sealed class LeaseEndTests : IDisposable
{
    private readonly LeaseStoreFixture _fixture = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task EndTask_LiveLease_IsGoneAndRevokedAndAccountedFor()
    {
        var provider = _fixture.Revocable(TimeSpan.FromHours(1));
        var definition = Define(provider);
        var lease = await _fixture.AcquireAsync(definition, Key(task: "t1"));
        var other = await _fixture.AcquireAsync(definition, Key(task: "t2"));
        _fixture.Injected(lease.Reference);
        _fixture.Injected(lease.Reference);

        var accounts = await _fixture.Store.SettleTaskAsync("t1", TimeSpan.FromSeconds(5), Cancellation);

        Assert.False(_fixture.Store.TryGet(lease.Reference!, out _));
        Assert.True(_fixture.Store.TryGet(other.Reference!, out _));
        Assert.Equal(["token-00000001"], provider.Revocations);
        var account = Assert.Single(accounts);
        Assert.Equal((lease.Reference!.Id, 2, true, LeaseRevocation.Confirmed), (account.Id, account.Uses, account.UsesAreExact, account.Revocation));
        Assert.True((await _fixture.AcquireAsync(definition, Key(task: "t1"))).TaskHasEnded);
        Assert.Equal(2, provider.Calls);
    }

    [Fact]
    public async Task EndTask_AgainstConcurrentCalls_LeavesNothingBehind()
    {
        var provider = _fixture.Revocable(TimeSpan.FromHours(1));
        var definition = Define(provider);
        for (var round = 0; round < 1000; round++)
        {
            var task = $"task-{round}";
            using var start = new ManualResetEventSlim();
            var ended = 0;
            var calls = Enumerable.Range(0, 64).Select(i => Task.Run(
                async () =>
                {
                    start.Wait(Cancellation);
                    var result = await _fixture.AcquireAsync(definition, Key($"agent-{i % 8}", task));
                    var after = Volatile.Read(ref ended) == 1;
                    var used = result.Succeeded && _fixture.Store.TryGet(result.Reference, out _);
                    Assert.False(after && used, "A lease was given after the end of its task.");
                    return result;
                },
                Cancellation)).ToArray();
            start.Set();
            Thread.SpinWait(Random.Shared.Next(20_000));

            _fixture.Store.EndTask(task);
            Volatile.Write(ref ended, 1);

            foreach (var result in await Task.WhenAll(calls))
            {
                Assert.False(result.Succeeded && _fixture.Store.TryGet(result.Reference, out _));
            }
        }

        // What was issued into the void is revoked as well.
        await EventuallyAsync(() => _fixture.Ledger.Open.Count == 0, "every revocation");
        Assert.Equal(_fixture.Ledger.Noted, provider.Revocations.Distinct().Count());
        Assert.Equal(provider.Revocations.Count, provider.Revocations.Distinct().Count());
        Assert.Equal(0, _fixture.Store.Count);
    }

    [Fact]
    public async Task EndTask_IssuanceUnderWay_ItsDebtBecomesDueAndItsAccountIsTrue()
    {
        var release = new TaskCompletionSource();
        var inner = _fixture.Revocable(TimeSpan.FromHours(1));
        var provider = new ScriptedProvider(async (request, cancellationToken) =>
        {
            await release.Task.WaitAsync(Cancellation);
            return await inner.IssueAsync(request, cancellationToken);
        });
        var call = _fixture.AcquireAsync(Define(provider), Key(task: "t"));
        await EventuallyAsync(() => provider.Calls == 1, "the issuance");

        _fixture.Store.EndTask("t");
        var settling = _fixture.Store.SettleTaskAsync("t", TimeSpan.FromSeconds(5), Cancellation);
        release.SetResult();
        var accounts = await settling;

        Assert.True((await call).TaskHasEnded);
        Assert.Equal(["token-00000001"], provider.Revocations);
        var account = Assert.Single(accounts);
        Assert.Equal((0, LeaseRevocation.Confirmed), (account.Uses, account.Revocation));
    }

    [Fact]
    public async Task AcquireAsync_TimedOutWhileTheIssuerWasSlow_WhatComesLateIsRevoked()
    {
        var release = new TaskCompletionSource();
        var inner = _fixture.Revocable(TimeSpan.FromHours(1));
        var provider = new ScriptedProvider(async (request, _) =>
        {
            await release.Task.WaitAsync(Cancellation);
            return await inner.IssueAsync(request, Cancellation);
        });
        var call = _fixture.AcquireAsync(Define(provider));
        await EventuallyAsync(() => provider.Calls == 1, "the issuance");
        _fixture.Clock.Advance(11 * Second);
        Assert.False((await call).Succeeded);

        release.SetResult();

        await EventuallyAsync(() => provider.Revocations.Count == 1 && _fixture.Ledger.Open.Count == 0, "the revocation");
    }

    [Fact]
    public async Task AcquireAsync_TaskEndsFirst_LeaseEndsWithItAndIsNotRefreshed()
    {
        var provider = _fixture.Revocable(100 * Second);
        var definition = Define(provider);
        var end = _fixture.Clock.GetUtcNow() + (60 * Second);
        var lease = await _fixture.AcquireAsync(definition, Key(task: "t"), taskExpiresAt: end);

        Assert.Equal(end, lease.Reference!.ExpiresAt);
        _fixture.Clock.Advance(59 * Second);
        Assert.Equal(lease.Reference, (await _fixture.AcquireAsync(definition, Key(task: "t"), taskExpiresAt: end)).Reference);
        _fixture.Clock.Advance(Second);

        Assert.False((await _fixture.AcquireAsync(definition, Key(task: "t"), taskExpiresAt: end)).Succeeded);
        Assert.Equal(1, provider.Calls);

        // It would have lived on for 40 s.
        await _fixture.AdvanceUntilAsync(() => _fixture.Ledger.Open.Count == 0, Second, "the revocation");
        Assert.Single(provider.Revocations);
    }

    [Fact]
    public async Task AcquireAsync_LeaseArrivesAfterItsTasksEnd_IsRevokedAndNoFailureOfTheIssuer()
    {
        var end = _fixture.Clock.GetUtcNow() + (60 * Second);
        var inner = _fixture.Revocable(100 * Second);
        var provider = new ScriptedProvider(async (request, cancellationToken) =>
        {
            var issued = await inner.IssueAsync(request, cancellationToken);
            if (request.Key.Task == "late")
            {
                _fixture.Clock.Advance(6 * Second);
            }

            return issued;
        });
        var definition = Define(provider);
        _fixture.Clock.Advance(55 * Second);

        var late = await _fixture.AcquireAsync(definition, Key(task: "late"), taskExpiresAt: end);
        var others = await _fixture.AcquireAsync(definition, Key("other"));

        Assert.True(late.TaskHasEnded);
        Assert.True(others.Succeeded, others.Message);
        Assert.DoesNotContain(_fixture.Log.Entries, e => e.Id.Id == 3001); // the issuer failed
        await EventuallyAsync(() => provider.Revocations.SequenceEqual(["token-00000001"]), "the revocation");
    }

    [Fact]
    public async Task AcquireAsync_Task_BoundsWhatTheIssuerIsAskedFor()
    {
        var lifetimes = new List<TimeSpan?>();
        var provider = new ScriptedProvider((request, _) =>
        {
            lifetimes.Add(request.Lifetime);
            return new(ScriptedProvider.Token("token-one", _fixture.Clock.GetUtcNow() + (100 * Second)));
        });
        var end = _fixture.Clock.GetUtcNow() + (60 * Second);

        await _fixture.AcquireAsync(Define(provider), Key(task: "t"), taskExpiresAt: end);
        await _fixture.AcquireAsync(Define(provider, 30 * Second), Key(task: "t"), taskExpiresAt: end);
        await _fixture.AcquireAsync(Define(provider), Key());

        Assert.Equal([60 * Second, 30 * Second, null], lifetimes);
    }

    [Fact]
    public async Task AcquireAsync_RefreshOfARenewableLease_ProlongsItUnderItsId()
    {
        var provider = _fixture.Revocable(100 * Second, renewable: true);
        provider.Renew = _ => _fixture.Clock.GetUtcNow() + (100 * Second);
        var definition = Define(provider);
        var first = await _fixture.AcquireAsync(definition, Key(task: "t"));

        _fixture.Clock.Advance(80 * Second);
        await _fixture.AcquireAsync(definition, Key(task: "t"));
        await EventuallyAsync(() => _fixture.Ledger.Events.Any(e => e.Kind == LeaseEventKind.Renewed), "the renewal");
        _fixture.Clock.Advance(50 * Second);
        var later = await _fixture.AcquireAsync(definition, Key(task: "t"));

        Assert.Equal(first.Reference!.Id, later.Reference!.Id);
        Assert.Equal(first.Reference.ExpiresAt + (80 * Second), later.Reference.ExpiresAt);
        Assert.Equal("Bearer token-00000001", _fixture.Injected(first.Reference)); // by whoever holds the older reference
        Assert.Equal(1, provider.Calls);
        Assert.Equal(later.Reference.ExpiresAt + (5 * Second), Assert.Single(_fixture.Ledger.Open).Revocation.ExpiresAt);
        Assert.Empty(provider.Revocations);
    }

    [Fact]
    public async Task AcquireAsync_IssuerProlongsNoMore_IssuesAnotherAndRevokesTheFormer()
    {
        var provider = _fixture.Revocable(100 * Second, renewable: true);
        var definition = Define(provider);
        var first = await _fixture.AcquireAsync(definition);

        _fixture.Clock.Advance(80 * Second);
        await _fixture.AcquireAsync(definition);
        await EventuallyAsync(() => _fixture.Log.Entries.Count(e => e.Id.Id == 3000) == 2, "the other lease");

        Assert.Equal((1, 2), (provider.Renewals, provider.Calls));
        Assert.Equal("Bearer token-00000001", _fixture.Injected(first.Reference));
        await _fixture.AdvanceUntilAsync(() => !provider.Revocations.IsEmpty, Second, "the revocation of the former");
        Assert.Equal(["token-00000001"], provider.Revocations);
    }

    [Theory]
    [InlineData(75, 1, 1)] // there is time for another attempt
    [InlineData(90, 1, 2)] // there is not
    public async Task AcquireAsync_RenewalFails_IssuesAnotherNearTheEnd(int at, int renewals, int issuances)
    {
        var provider = _fixture.Revocable(100 * Second, renewable: true);
        provider.Renew = _ => throw new CredentialIssueException("down");
        var definition = Define(provider);
        await _fixture.AcquireAsync(definition);

        _fixture.Clock.Advance(at * Second);
        await _fixture.AcquireAsync(definition);
        await EventuallyAsync(() => _fixture.Log.Entries.Any(e => e.Id.Id == 3002) || _fixture.Log.Entries.Count(e => e.Id.Id == 3000) == 2, "the end of the attempt");

        Assert.Equal((renewals, issuances), (provider.Renewals, provider.Calls));
    }

    [Fact]
    public async Task AcquireAsync_LifetimeAllowed_BoundsTheWholeLifeOverRenewals()
    {
        var provider = _fixture.Revocable(100 * Second, renewable: true);
        var asked = new List<TimeSpan?>();
        provider.Renew = request =>
        {
            asked.Add(request.Lifetime);
            return _fixture.Clock.GetUtcNow() + (100 * Second);
        };
        var definition = Define(provider);
        var first = await _fixture.AcquireAsync(definition, maxLifetime: 150 * Second);

        _fixture.Clock.Advance(80 * Second);
        await _fixture.AcquireAsync(definition, maxLifetime: 150 * Second);
        await EventuallyAsync(() => _fixture.Ledger.Events.Any(e => e.Kind == LeaseEventKind.Renewed), "the renewal");
        var renewed = await _fixture.AcquireAsync(definition, maxLifetime: 150 * Second);

        Assert.Equal([70 * Second], asked);
        Assert.Equal(first.Reference!.IssuedAt + (150 * Second), renewed.Reference!.ExpiresAt);
    }

    [Fact]
    public async Task Revoke_OneLease_EndsItAloneAndAnotherCanBeObtained()
    {
        var provider = _fixture.Revocable(TimeSpan.FromHours(1));
        var definition = Define(provider);
        var lease = await _fixture.AcquireAsync(definition, Key("a"));
        var other = await _fixture.AcquireAsync(definition, Key("b"));

        Assert.Equal(new DemandedRevocation(LeaseRevocation.Queued, lease.Reference!.IssuedAt + TimeSpan.FromHours(1)), _fixture.Store.Revoke(lease.Reference.Id, "operator"));

        Assert.False(_fixture.Store.TryGet(lease.Reference, out _));
        Assert.True(_fixture.Store.TryGet(other.Reference!, out _));
        Assert.NotEqual(lease.Reference.Id, (await _fixture.AcquireAsync(definition, Key("a"))).Reference!.Id);
        await EventuallyAsync(() => provider.Revocations.SequenceEqual(["token-00000001"]) && _fixture.Ledger.Open.Count == 2, "the revocation");
        Assert.Null(_fixture.Store.Revoke(lease.Reference.Id, "operator"));
    }

    [Fact]
    public async Task Revoke_LeaseThatNothingEnds_SaysSo()
    {
        var definition = Define(_fixture.Tokens(TimeSpan.FromHours(1)));
        var lease = await _fixture.AcquireAsync(definition);

        Assert.Equal(new DemandedRevocation(LeaseRevocation.Unsupported, lease.Reference!.IssuedAt + TimeSpan.FromHours(1)), _fixture.Store.Revoke(lease.Reference.Id, "operator"));
    }

    [Fact]
    public async Task AcquireAsync_LedgerCannotBeWritten_NothingIsUsableUntilItCan()
    {
        var definition = Define(_fixture.Revocable(TimeSpan.FromHours(1)));
        var unrevocable = Define(_fixture.Tokens(TimeSpan.FromHours(1)));
        _fixture.Ledger.IsFull = true;

        var refused = await _fixture.AcquireAsync(definition);
        Assert.False(refused.Succeeded);
        Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        Assert.False((await _fixture.AcquireAsync(unrevocable, Key(task: "t"))).Succeeded); // its account could not be given
        Assert.True((await _fixture.AcquireAsync(Define(_fixture.Tokens(TimeSpan.FromHours(1))))).Succeeded);

        _fixture.Ledger.IsFull = false;
        _fixture.Clock.Advance(5 * Second);
        Assert.True((await _fixture.AcquireAsync(definition)).Succeeded);
        Assert.True((await _fixture.AcquireAsync(unrevocable, Key(task: "t"))).Succeeded);
    }

    [Fact]
    public async Task AcquireAsync_PastNotAfter_IsRefusedNamingTheOwner()
    {
        var provider = _fixture.Tokens(TimeSpan.FromHours(1));
        var end = _fixture.Clock.GetUtcNow() + (60 * Second);
        var definition = Define(provider, notAfter: end, owner: "crm team");
        var lease = await _fixture.AcquireAsync(definition);
        _fixture.Clock.Advance(60 * Second);

        var refused = await _fixture.AcquireAsync(definition);

        Assert.Equal(end, lease.Reference!.ExpiresAt);
        Assert.False(refused.Succeeded);
        Assert.Contains("2026-01-01 00:01Z, has passed; crm team must", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, provider.Calls); // a refused secret is not even read
    }

    [Fact]
    public async Task AccountsAsync_LiveAndUnrevocableLeases_AreTrueAtAnyTime()
    {
        var definition = Define(_fixture.Tokens(100 * Second));
        var lease = await _fixture.AcquireAsync(definition, Key(task: "t"));
        _fixture.Injected(lease.Reference);
        var live = Assert.Single(await _fixture.Store.AccountsAsync("t", Cancellation));
        _fixture.Injected(lease.Reference);
        var ended = Assert.Single(await _fixture.Store.SettleTaskAsync("t", TimeSpan.Zero, Cancellation));

        Assert.Equal((1, null), (live.Uses, live.EndedAt));
        Assert.Equal((2, LeaseRevocation.Unsupported, lease.Reference!.IssuedAt + (100 * Second)), (ended.Uses, ended.Revocation, ended.ResidualExpiry));
        Assert.NotNull(ended.EndedAt);
        Assert.Equal([LeaseEventKind.Issued, LeaseEventKind.Revoked], _fixture.Ledger.Events.Select(e => e.Kind));
        Assert.Equal(2, _fixture.Ledger.Events.Last().Uses);
    }

    [Fact]
    public async Task StopAsync_LiveLeases_OwesThemAll()
    {
        var provider = _fixture.Revocable(TimeSpan.FromHours(1));
        for (var i = 0; i < 20; i++)
        {
            await _fixture.AcquireAsync(Define(provider), Key($"agent-{i}", i % 2 == 0 ? "" : "t"));
        }

        await _fixture.Store.StopAsync();

        await EventuallyAsync(() => _fixture.Ledger.Open.Count == 0, "the revocations");
        Assert.Equal(20, provider.Revocations.Distinct().Count());
        Assert.False((await _fixture.AcquireAsync(Define(provider))).Succeeded);
    }
}
