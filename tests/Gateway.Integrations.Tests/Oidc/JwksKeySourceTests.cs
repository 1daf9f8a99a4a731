using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Oidc;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Oidc;

public sealed class JwksKeySourceTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly TestIssuer _issuer = new();
    private readonly TestKeySetReader _reader;
    private readonly JwksKeySource _source;
    private readonly JwtAuthenticator _authenticator;

    public JwksKeySourceTests()
    {
        _reader = new TestKeySetReader(TestKeySetReader.Keys(_issuer.Key));
        _source = new JwksKeySource(TestIssuer.Definition, _reader, _clock, NullLogger.Instance);
        _authenticator = new JwtAuthenticator(new IssuerSet([new TrustedIssuer(TestIssuer.Definition, _source)]), _clock);
    }

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task Start_SlowIssuer_LetsTheFirstCallsWaitForIt()
    {
        var answer = new TaskCompletionSource<IReadOnlyList<SigningKey>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reader.Answer = _ => answer.Task;
        _source.Start();

        var calls = Enumerable.Range(0, 64).Select(_ => AuthenticateAsync(_issuer.Token())).ToArray();
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        answer.SetResult([_issuer.Key]);

        Assert.All(await Task.WhenAll(calls), result => Assert.True(result.Succeeded));
        Assert.Equal(1, _reader.Reads);
    }

    [Fact]
    public async Task Start_IssuerThatNeverAnswers_HoldsACallForFiveSecondsAtMost()
    {
        var never = new TaskCompletionSource<IReadOnlyList<SigningKey>>();
        _reader.Answer = never.Task.WaitAsync;
        _source.Start();

        var call = AuthenticateAsync(_issuer.Token());
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(IdentityFailure.KeysUnavailable, (await call).Failure);
    }

    [Fact]
    public async Task RefreshAsync_CallerGone_EndsItsWaitOnly()
    {
        var answer = new TaskCompletionSource<IReadOnlyList<SigningKey>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reader.Answer = _ => answer.Task;
        _source.Start();

        using var gone = new CancellationTokenSource();
        var call = _authenticator.AuthenticateAsync(_issuer.Token(), gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        answer.SetResult([_issuer.Key]);
        await Eventually.HoldsAsync(() => _source.Current is not null, "the refresh ended on its own");
    }

    [Fact]
    public async Task RefreshAsync_UnknownKeyId_AsksOnceInThirtySeconds()
    {
        await StartAsync();
        var next = new TestIssuer(keyId: "key-2");

        var calls = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => AuthenticateAsync(next.Token()))));
        Assert.All(calls, result => Assert.Equal(IdentityFailure.KeyUnknown, result.Failure));
        Assert.Equal(2, _reader.Reads);

        _reader.Answer = TestKeySetReader.Keys(_issuer.Key, next.Key);
        _clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(IdentityFailure.KeyUnknown, (await AuthenticateAsync(next.Token())).Failure);
        Assert.Equal(2, _reader.Reads);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True((await AuthenticateAsync(next.Token())).Succeeded);
        Assert.Equal(3, _reader.Reads);
    }

    [Fact]
    public async Task RefreshAsync_KeysFetchedMeanwhile_AreTakenWithoutAsking()
    {
        await StartAsync();
        Assert.Same(_source.Current, await _source.RefreshAsync(null, TestContext.Current.CancellationToken));
        Assert.Equal(1, _reader.Reads);
    }

    [Fact]
    public async Task Refresh_EveryInterval_DropsKeysThatTheIssuerDropped()
    {
        await StartAsync();
        var token = _issuer.Token(claims => claims["exp"] = TestClock.Start.AddDays(1).ToUnixTimeSeconds());
        Assert.True((await AuthenticateAsync(token)).Succeeded);

        var before = _source.Current;
        _clock.Advance(IssuerDefinition.DefaultRefreshInterval);
        await Eventually.HoldsAsync(() => _source.Current != before, "the interval's refresh came");
        Assert.True((await AuthenticateAsync(token)).Succeeded);

        before = _source.Current;
        _reader.Answer = TestKeySetReader.Keys(new TestIssuer(keyId: "key-2").Key);
        await SleepingAsync();
        _clock.Advance(IssuerDefinition.DefaultRefreshInterval);
        await Eventually.HoldsAsync(() => _source.Current != before, "the next refresh came");
        Assert.Equal(IdentityFailure.KeyUnknown, (await AuthenticateAsync(token)).Failure);
    }

    [Fact]
    public async Task Refresh_IssuerDown_KeepsKnownKeysForADayAndNotLonger()
    {
        await StartAsync();
        _reader.Answer = TestKeySetReader.Down;
        var token = _issuer.Token(claims => claims["exp"] = TestClock.Start.AddDays(3).ToUnixTimeSeconds());
        Assert.True((await AuthenticateAsync(token)).Succeeded);

        await SleepingAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await Eventually.HoldsAsync(() => _source.LastError is not null, "the issuer was found down");
        Assert.True((await AuthenticateAsync(token)).Succeeded);
        Assert.True((await AuthenticateAsync(_issuer.Token(now: _clock.GetUtcNow()))).Succeeded);
        Assert.Equal(IdentityFailure.KeyUnknown, (await AuthenticateAsync(new TestIssuer(keyId: "new").Token(now: _clock.GetUtcNow()))).Failure);

        _clock.Advance(TimeSpan.FromHours(23));
        Assert.True((await AuthenticateAsync(token)).Succeeded);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(IdentityFailure.KeysUnavailable, (await AuthenticateAsync(token)).Failure);

        await SleepingAsync();
        _reader.Answer = TestKeySetReader.Keys(_issuer.Key);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True((await AuthenticateAsync(token)).Succeeded);
        Assert.Null(_source.LastError);
    }

    [Fact]
    public async Task Refresh_IssuerDownFromTheStart_IsRetriedWithGrowingPauses()
    {
        _reader.Answer = TestKeySetReader.Down;
        _source.Start();
        for (var second = 0; second < 600; second++)
        {
            await SleepingAsync();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // 1, 2, 4 … 60 s, each cut by up to half: five or six to get there, then one in 30 to 60 s.
        Assert.InRange(_reader.Reads, 12, 30);

        _reader.Answer = TestKeySetReader.Keys(_issuer.Key);
        await SleepingAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => _source.Current is not null, "the issuer was found again");
    }

    [Fact]
    public async Task Refresh_UnexpectedFault_LeavesTheLastGoodKeysAndTheLoopAlive()
    {
        await StartAsync();
        var good = _source.Current;
        _reader.Answer = _ => throw new InvalidOperationException("SECRET");
        await SleepingAsync();
        _clock.Advance(IssuerDefinition.DefaultRefreshInterval);
        await Eventually.HoldsAsync(() => _source.LastError is not null, "the fault was noticed");
        Assert.Same(good, _source.Current);
        Assert.DoesNotContain("SECRET", _source.LastError, StringComparison.Ordinal);

        _reader.Answer = TestKeySetReader.Keys(_issuer.Key);
        await SleepingAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => _source.LastError is null, "the loop went on");
    }

    [Fact]
    public async Task Dispose_RunningSource_StopsAskingAndKeepsWhatItHas()
    {
        await StartAsync();
        _source.Dispose();
        await Eventually.HoldsAsync(() => _clock.Timers == 0, "the loop ended");
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, _reader.Reads);
        Assert.NotNull(_source.Current);
    }

    [Fact]
    public async Task Authenticate_FloodOfGarbage_EvictsNothingGrowsNothingAndAsksTheIssuerOnce()
    {
        await StartAsync();
        var good = Enumerable.Range(0, 10).Select(i => _issuer.Token(claims => claims["jti"] = $"good-{i}")).ToArray();
        var agents = new List<AgentIdentity?>();
        foreach (var token in good)
        {
            agents.Add((await AuthenticateAsync(token)).Agent);
        }

        // Cheap variants of real tokens: another kid, a signature that is not theirs, no JSON, no token at all.
        var unknown = new TestIssuer(keyId: "unknown").Token().Split('.');
        var genuine = good[0].Split('.');
        var signature = genuine[2].AsSpan(8).ToString();
        for (var i = 0; i < 200_000; i++)
        {
            var tag = Base64UrlText.Encode(BitConverter.GetBytes(i).AsSpan(0, 3)) + "AAAA";
            var garbage = (i % 50) switch
            {
                0 => $"{genuine[0]}.{genuine[1]}.{tag}{signature}",
                < 5 => $"eyJ{tag}.{unknown[1]}.{unknown[2]}",
                < 10 => $"eyJ{tag}",
                _ => $"{unknown[0]}.{unknown[1]}.{tag}{signature}",
            };
            Assert.False((await AuthenticateAsync(garbage)).Succeeded);
        }

        Assert.Equal(good.Length, _authenticator.CachedTokens);
        Assert.Equal(2, _reader.Reads);
        for (var i = 0; i < good.Length; i++)
        {
            Assert.Same(agents[i], (await AuthenticateAsync(good[i])).Agent);
        }
    }

    private async Task StartAsync()
    {
        _source.Start();
        await Eventually.HoldsAsync(() => _source.Current is not null, "the first fetch ended");
        await SleepingAsync();
    }

    private Task SleepingAsync() => Eventually.HoldsAsync(() => _clock.Timers == 1, "the loop slept");

    private async Task<IdentityResult> AuthenticateAsync(string token) =>
        (await _authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(default);
}
