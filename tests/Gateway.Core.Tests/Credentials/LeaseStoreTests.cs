using Gateway.Core.Credentials;
using static Gateway.Core.Tests.Credentials.LeaseStoreFixture;

namespace Gateway.Core.Tests.Credentials;

public sealed class LeaseStoreTests : IDisposable
{
    private const string Canary = "canary-7f3a9c51";

    private readonly LeaseStoreFixture _fixture = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task AcquireAsync_ConcurrentFirstCalls_IssuesOnce()
    {
        var release = new TaskCompletionSource();
        var provider = new ScriptedProvider(async (_, _) =>
        {
            await release.Task.WaitAsync(Cancellation);
            return ScriptedProvider.Token("token-one");
        });
        var definition = Define(provider);

        var calls = Enumerable.Range(0, 64).Select(_ => Task.Run(() => _fixture.AcquireAsync(definition), Cancellation)).ToArray();
        await EventuallyAsync(() => provider.Calls > 0, "an issuance");
        release.SetResult();
        var results = await Task.WhenAll(calls);

        Assert.All(results, r => Assert.Equal(results[0].Reference!.Id, r.Reference!.Id));
        Assert.Equal(1, provider.Calls);
        Assert.Equal("Bearer token-one", _fixture.Injected(results[0].Reference));
    }

    [Fact]
    public async Task AcquireAsync_LiveLease_IsSynchronousAndAllocatesNothing()
    {
        var definition = Define(_fixture.Tokens(TimeSpan.FromHours(1)));
        await _fixture.AcquireAsync(definition);
        var key = Key();

        var before = 0L;
        for (var i = 0; i < 1010; i++)
        {
            // The first rounds warm up what the runtime allocates once.
            before = i == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            var call = _fixture.Store.AcquireAsync(key, definition, null, null, Cancellation);
            Assert.True(call.IsCompletedSuccessfully);
            Assert.True((await call).Succeeded); // completed, so that the thread stays the same
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task AcquireAsync_TenThousandCallsOverALife_IssuesTwice()
    {
        // The clock runs faster than the thread pool may come to the refresh, which must not time out by it.
        using var fixture = new LeaseStoreFixture(new LeaseStoreOptions { IssueTimeout = TimeSpan.FromHours(1) });
        var provider = fixture.Tokens(TimeSpan.FromSeconds(1000));
        var definition = Define(provider);
        var first = await fixture.AcquireAsync(definition);

        // Calls that run up to the first lease's end: the refresh happens once, whenever in the last half it is due.
        for (var i = 1; i < 10_000; i++)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(0.0995));
            Assert.True((await fixture.AcquireAsync(definition)).Succeeded);
            if (i == 7800)
            {
                // 776 s: beyond 2/3 of 995 s and its 15 %.
                await EventuallyAsync(() => fixture.Log.Entries.Count(e => e.Id.Id == 3000) == 2, "the refresh");
            }
        }

        Assert.True(fixture.Clock.GetUtcNow() <= first.Reference!.ExpiresAt + Second);
        Assert.Equal(2, provider.Calls);
    }

    [Fact]
    public async Task AcquireAsync_RefreshDue_RefreshesWithoutACallWaiting()
    {
        var release = new TaskCompletionSource();
        var number = 0;
        var provider = new ScriptedProvider(async (_, _) =>
        {
            if (Interlocked.Increment(ref number) > 1)
            {
                await release.Task.WaitAsync(Cancellation);
            }

            return ScriptedProvider.Token($"token-{number}", _fixture.Clock.GetUtcNow() + (100 * Second));
        });
        var definition = Define(provider);
        var first = await _fixture.AcquireAsync(definition);

        _fixture.Clock.Advance(80 * Second);
        for (var i = 0; i < 100; i++)
        {
            var call = _fixture.Store.AcquireAsync(Key(), definition, null, null, Cancellation);
            Assert.True(call.IsCompletedSuccessfully);
            Assert.Equal(first.Reference!.Id, (await call).Reference!.Id);
        }

        await EventuallyAsync(() => provider.Calls == 2, "the refresh");
        release.SetResult();
        await EventuallyAsync(() => _fixture.Log.Entries.Count(e => e.Id.Id == 3000) == 2, "the end of the refresh");
        var second = await _fixture.AcquireAsync(definition);

        Assert.Equal("Bearer token-2", _fixture.Injected(second.Reference));
        Assert.Equal("Bearer token-1", _fixture.Injected(first.Reference)); // a call that acquired before is not cut off
        Assert.Equal(2, provider.Calls);
    }

    [Fact]
    public async Task AcquireAsync_UnusedLease_IsNotRefreshed()
    {
        var provider = _fixture.Tokens(100 * Second);
        var result = await _fixture.AcquireAsync(Define(provider));

        _fixture.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, provider.Calls);
        Assert.False(_fixture.Store.TryGet(result.Reference!, out _));
        Assert.Equal(0, _fixture.Store.Count);
    }

    [Fact]
    public async Task AcquireAsync_RefreshFails_UsesTheOldLeaseUntilItExpires()
    {
        var broken = false;
        var provider = new ScriptedProvider((_, _) => broken
            ? throw new CredentialIssueException("the issuer is down")
            : new(ScriptedProvider.Token("token-old", _fixture.Clock.GetUtcNow() + (100 * Second))));
        var definition = Define(provider);
        var first = await _fixture.AcquireAsync(definition);
        broken = true;

        _fixture.Clock.Advance(80 * Second);
        await _fixture.AcquireAsync(definition);
        await EventuallyAsync(() => _fixture.Log.Entries.Any(e => e.Id.Id == 3002), "a failed refresh");
        while (_fixture.Clock.GetUtcNow() < first.Reference!.ExpiresAt)
        {
            Assert.Equal(first.Reference.Id, (await _fixture.AcquireAsync(definition)).Reference?.Id);
            _fixture.Clock.Advance(Second);
        }

        var after = await _fixture.AcquireAsync(definition);
        Assert.False(after.Succeeded);
        Assert.Equal("the issuer is down", after.Message);
        Assert.InRange(after.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(60));
        Assert.InRange(provider.Calls, 2, 7); // a refresh attempt or more, far fewer than calls
    }

    [Fact]
    public async Task AcquireAsync_IssuerDown_IsAskedOncePerPauseHoweverManyAgentsCall()
    {
        var broken = true;
        var provider = new ScriptedProvider((_, _) => broken
            ? throw new CredentialIssueException("the issuer is down")
            : new(ScriptedProvider.Token("token-new")));
        var definition = Define(provider);

        var pauses = new List<TimeSpan>();
        for (var round = 0; round < 10; round++)
        {
            var probe = await _fixture.AcquireAsync(definition, Key("agent-0"));
            Assert.False(probe.Succeeded);
            Assert.Equal(round + 1, provider.Calls);
            for (var agent = 0; agent < 50; agent++)
            {
                var call = _fixture.Store.AcquireAsync(Key($"agent-{agent}"), definition, null, null, Cancellation);
                Assert.True(call.IsCompleted); // at once
                var refused = await call;
                Assert.Equal(probe.RetryAfter, refused.RetryAfter);
                Assert.Equal("the issuer is down", refused.Message);
            }

            Assert.Equal(round + 1, provider.Calls);
            pauses.Add(probe.RetryAfter);
            _fixture.Clock.Advance(probe.RetryAfter);
        }

        Assert.InRange(pauses[0], Second, 1.2 * Second);
        Assert.InRange(pauses[3], 6.4 * Second, 9.6 * Second);
        Assert.InRange(pauses[9], 48 * Second, 60 * Second);
        Assert.Equal(0, _fixture.Store.Count); // refused callers hold no place

        broken = false;
        Assert.True((await _fixture.AcquireAsync(definition, Key("agent-7"))).Succeeded);
        var others = await Task.WhenAll(Enumerable.Range(0, 7).Select(i => _fixture.AcquireAsync(definition, Key($"agent-{i}"))));
        Assert.All(others, r => Assert.True(r.Succeeded));
        Assert.Single(_fixture.Log.Entries, e => e.Id.Id == 3003);
    }

    [Fact]
    public async Task AcquireAsync_ManyIssuancesUnderWayFail_CountAsOneFailure()
    {
        var release = new TaskCompletionSource();
        var provider = new ScriptedProvider(async (_, _) =>
        {
            await release.Task.WaitAsync(Cancellation);
            throw new CredentialIssueException("the issuer is down");
        });
        var definition = Define(provider);

        var calls = Enumerable.Range(0, 30).Select(i => _fixture.AcquireAsync(definition, Key($"agent-{i}"))).ToArray();
        await EventuallyAsync(() => provider.Calls == 30, "thirty issuances");
        release.SetResult();
        var results = await Task.WhenAll(calls);

        Assert.All(results, r => Assert.InRange(r.RetryAfter, Second, 1.2 * Second));
    }

    [Fact]
    public async Task AcquireAsync_ScopeRefused_DoesNotBlockOtherScopes()
    {
        var provider = new ScriptedProvider((request, _) => request.Key.Scope == "bad"
            ? throw new CredentialIssueException("400 invalid_scope")
            : new(ScriptedProvider.Token("token-good")));
        var definition = Define(provider);

        Assert.False((await _fixture.AcquireAsync(definition, Key(scope: "bad"))).Succeeded);
        Assert.True((await _fixture.AcquireAsync(definition, Key(scope: "good"))).Succeeded);
    }

    [Fact]
    public async Task AcquireAsync_FirstCallerGivesUp_OthersStillGetTheLease()
    {
        var release = new TaskCompletionSource();
        var provider = new ScriptedProvider(async (_, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            return ScriptedProvider.Token("token-one");
        });
        var definition = Define(provider);
        using var impatient = new CancellationTokenSource();

        var first = _fixture.AcquireAsync(definition, cancellationToken: impatient.Token);
        await EventuallyAsync(() => provider.Calls == 1, "the issuance");
        var second = _fixture.AcquireAsync(definition);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Cancellation));
        release.SetResult();

        Assert.True((await second).Succeeded);
        Assert.Equal(1, provider.Calls);
    }

    [Fact]
    public async Task AcquireAsync_ProviderHangs_GivesUpAfterTheTimeout()
    {
        // Overlooks its cancellation token, as a bad provider would.
        var provider = new ScriptedProvider(async (_, _) =>
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            throw new InvalidOperationException();
        });
        var call = _fixture.AcquireAsync(Define(provider));
        await EventuallyAsync(() => provider.Calls == 1, "the issuance");

        _fixture.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(call.IsCompleted);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(0.2));
        var result = await call;

        Assert.False(result.Succeeded);
        Assert.Equal("credential 'credential': not issued within 10 s.", result.Message);
    }

    [Fact]
    public async Task AcquireAsync_ProviderFaults_SaysTheKindOnly()
    {
        var provider = new ScriptedProvider((_, _) => throw new InvalidOperationException(Canary, new FormatException(Canary)));

        var result = await _fixture.AcquireAsync(Define(provider));

        Assert.Equal("credential 'credential': fault in the provider (InvalidOperationException).", result.Message);
        await EventuallyAsync(() => _fixture.Log.Entries.Any(e => e.Id.Id == 3001), "the log entry");
        Assert.DoesNotContain(Canary, _fixture.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcquireAsync_AnyOutcome_LogsNoSecret()
    {
        var value = Canary;
        var provider = new ScriptedProvider((_, _) => new(ScriptedProvider.Token(value)));
        var good = await _fixture.AcquireAsync(Define(provider));
        value = Canary + "\r\nX-Other: 1";
        var bad = await _fixture.AcquireAsync(Define(provider), Key("other"));
        _fixture.Store.EndAgents(_ => true);

        Assert.True(good.Succeeded);
        Assert.Equal("credential 'credential': the header Authorization cannot be injected: the value contains a control character or one beyond ASCII.", bad.Message);
        Assert.NotEmpty(_fixture.Log.Entries);
        Assert.DoesNotContain(Canary, _fixture.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, $"{good.Reference} {bad.Message}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcquireAsync_OtherDefinitionOfTheSameName_IssuesAnew()
    {
        var provider = _fixture.Tokens(TimeSpan.FromHours(1));
        var (before, after) = (Define(provider), Define(provider));

        var first = await _fixture.AcquireAsync(before);
        var second = await _fixture.AcquireAsync(after);

        Assert.NotEqual(first.Reference!.Id, second.Reference!.Id);
        Assert.NotEqual(first.Reference.Fingerprint, second.Reference.Fingerprint);
        Assert.Equal(first.Reference.Id, (await _fixture.AcquireAsync(before)).Reference!.Id); // a call still under the old configuration
        Assert.Equal(2, provider.Calls);
    }

    [Theory]
    [InlineData("agent-2", "", "")]
    [InlineData("agent", "task", "")]
    [InlineData("agent", "", "scope")]
    public async Task AcquireAsync_AnyOtherKey_GetsItsOwnLease(string agent, string task, string scope)
    {
        var provider = _fixture.Tokens(TimeSpan.FromHours(1));
        var definition = Define(provider);

        var mine = await _fixture.AcquireAsync(definition);
        var theirs = await _fixture.AcquireAsync(definition, Key(agent, task, scope));

        Assert.NotEqual(mine.Reference!.Id, theirs.Reference!.Id);
        Assert.Equal(2, provider.Calls);
    }

    [Theory]
    // issuer, credential, policy: expected. The margin of a tenth, at most 5 s, is taken off the issuer's only.
    [InlineData(1000, null, null, 995)]
    [InlineData(20, null, null, 18)]
    [InlineData(1000, 600, null, 600)]
    [InlineData(1000, 600, 60, 60)]
    [InlineData(1000, 60, 600, 60)]
    [InlineData(30, 60, 600, 27)]
    [InlineData(null, null, null, 300)]
    [InlineData(null, 900, null, 900)]
    [InlineData(null, null, 30, 30)]
    public async Task AcquireAsync_Lifetimes_EndsWithTheShortest(int? issuer, int? own, int? policy, int expected)
    {
        var provider = new ScriptedProvider((_, _) => new(ScriptedProvider.Token("token-one", _fixture.Clock.GetUtcNow() + (issuer * Second))));

        var result = await _fixture.AcquireAsync(Define(provider, own * Second), maxLifetime: policy * Second);

        Assert.Equal(expected * Second, result.Reference!.ExpiresAt - result.Reference.IssuedAt);
        _fixture.Clock.Advance((expected * Second) - TimeSpan.FromTicks(1));
        Assert.True(_fixture.Store.TryGet(result.Reference, out _));
        _fixture.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(_fixture.Store.TryGet(result.Reference, out _));
    }

    [Fact]
    public async Task AcquireAsync_ShorterLifetimeAllowed_DoesNotShareTheLongerLease()
    {
        var definition = Define(_fixture.Tokens(TimeSpan.FromHours(1)));
        var longer = await _fixture.AcquireAsync(definition);

        var shorter = await _fixture.AcquireAsync(definition, maxLifetime: 30 * Second);

        Assert.NotEqual(longer.Reference!.Id, shorter.Reference!.Id);
        Assert.Equal(_fixture.Clock.GetUtcNow() + (30 * Second), shorter.Reference.ExpiresAt);
    }

    [Fact]
    public async Task AcquireAsync_IssuedAlreadyExpired_IsUnavailable()
    {
        var provider = new ScriptedProvider((_, _) => new(ScriptedProvider.Token("token-one", _fixture.Clock.GetUtcNow() - Second)));

        var result = await _fixture.AcquireAsync(Define(provider));

        Assert.False(result.Succeeded);
        Assert.Contains("already expired", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcquireAsync_KeyOfAnotherCredential_Throws()
    {
        var definition = Define(_fixture.Tokens(Second));

        await Assert.ThrowsAsync<ArgumentException>(() => _fixture.AcquireAsync(definition, Key() with { Credential = "other" }));
    }

    [Fact]
    public async Task AcquireAsync_IssuanceBegun_DoesNotSeeTheCallersContext()
    {
        var context = new AsyncLocal<string>();
        string? seen = "unset";
        var provider = new ScriptedProvider((_, _) =>
        {
            seen = context.Value;
            return new(ScriptedProvider.Token("token-one"));
        });

        context.Value = "the call's HttpContext";
        await _fixture.AcquireAsync(Define(provider));

        Assert.Null(seen);
    }
}
