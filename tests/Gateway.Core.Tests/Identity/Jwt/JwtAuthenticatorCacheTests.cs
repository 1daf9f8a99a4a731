using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity.Jwt;

public sealed class JwtAuthenticatorCacheTests
{
    private readonly TestIssuer _issuer = new();
    private readonly TestGateway _gateway;

    public JwtAuthenticatorCacheTests() => _gateway = new TestGateway(_issuer);

    [Fact]
    public async Task Authenticate_SameTokenAgain_GivesTheSameIdentity()
    {
        var token = _issuer.Token();
        var first = await _gateway.AcceptAsync(token);

        // Another copy of the text, inside a longer header value.
        var header = $"Bearer {token}";
        var second = await _gateway.Authenticator.AuthenticateAsync(header.AsMemory("Bearer ".Length), TestContext.Current.CancellationToken);
        Assert.Same(first, second.Prove(default).Agent);
    }

    [Fact]
    public async Task Authenticate_CacheHit_AllocatesNothing()
    {
        var token = _issuer.Token();
        await _gateway.AcceptAsync(token);
        var cancellationToken = TestContext.Current.CancellationToken;
        for (var i = 0; i < 100; i++)
        {
            Assert.True((await _gateway.Authenticator.AuthenticateAsync(token.AsMemory(), cancellationToken)).Prove(default).Succeeded);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _ = (await _gateway.Authenticator.AuthenticateAsync(token.AsMemory(), cancellationToken)).Prove(default);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Authenticate_KeyRotatedOut_EndsItsCachedTokens()
    {
        var token = _issuer.Token();
        await _gateway.AcceptAsync(token);
        _gateway.Keys.Current = new SigningKeySet([new TestIssuer(keyId: "key-2").Key], _gateway.Clock.GetUtcNow());
        await _gateway.RefuseAsync(token, IdentityFailure.KeyUnknown);
        Assert.Equal(0, _gateway.Authenticator.CachedTokens);
    }

    [Fact]
    public async Task Authenticate_KeyReplacedUnderItsId_EndsItsCachedTokens()
    {
        var token = _issuer.Token();
        await _gateway.AcceptAsync(token);
        _gateway.Keys.Current = new SigningKeySet([new TestIssuer().Key], _gateway.Clock.GetUtcNow());
        await _gateway.RefuseAsync(token, IdentityFailure.SignatureInvalid);
    }

    [Fact]
    public async Task Authenticate_KeyStillThereAfterARefresh_KeepsItsCachedTokens()
    {
        var token = _issuer.Token();
        var before = await _gateway.AcceptAsync(token);
        _gateway.Keys.Current = new SigningKeySet([_issuer.Key, new TestIssuer(keyId: "key-2").Key], _gateway.Clock.GetUtcNow());
        Assert.Same(before, await _gateway.AcceptAsync(token));
    }

    [Fact]
    public async Task Authenticate_SecondKeyAppears_EndsCachedTokensWithoutKeyId()
    {
        var token = _issuer.Token(header: header => header.Remove("kid"));
        await _gateway.AcceptAsync(token);
        _gateway.Keys.Current = new SigningKeySet([_issuer.Key, new TestIssuer(keyId: "key-2").Key], _gateway.Clock.GetUtcNow());
        await _gateway.RefuseAsync(token, IdentityFailure.KeyUnknown);
    }

    [Fact]
    public async Task Authenticate_KeysTooOld_RefusesCachedAndNewTokens()
    {
        var now = _gateway.Clock.GetUtcNow();
        var cached = _issuer.Token(claims => claims["exp"] = now.AddDays(3).ToUnixTimeSeconds());
        var fresh = _issuer.Token(claims => claims["exp"] = now.AddDays(4).ToUnixTimeSeconds());
        await _gateway.AcceptAsync(cached);

        _gateway.Clock.Advance(TimeSpan.FromHours(24));
        await _gateway.AcceptAsync(cached);
        _gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        await _gateway.RefuseAsync(cached, IdentityFailure.KeysUnavailable);
        await _gateway.RefuseAsync(fresh, IdentityFailure.KeysUnavailable);
    }

    [Fact]
    public async Task Replace_ChangedIssuer_EndsItsCachedTokens()
    {
        var token = _issuer.Token();
        await _gateway.AcceptAsync(token);
        _gateway.Authenticator.Replace(new IssuerSet([new TrustedIssuer(_gateway.Definition with { Audiences = ["other"] }, _gateway.Keys)]));
        await _gateway.RefuseAsync(token, IdentityFailure.AudienceInvalid);
    }

    [Fact]
    public async Task Replace_UnchangedIssuerBesideANewOne_KeepsItsCachedTokens()
    {
        var token = _issuer.Token();
        var before = await _gateway.AcceptAsync(token);
        var added = new TrustedIssuer(TestIssuer.Definition with { Name = "second", Issuer = "https://second.example" }, new TestKeySource(null));
        _gateway.Authenticator.Replace(new IssuerSet([.. _gateway.Issuers.All, added]));
        Assert.Same(before, await _gateway.AcceptAsync(token));
    }

    [Fact]
    public async Task Replace_WithoutTheIssuer_EndsItsTokens()
    {
        var token = _issuer.Token();
        await _gateway.AcceptAsync(token);
        _gateway.Authenticator.Replace(IssuerSet.Empty);
        await _gateway.RefuseAsync(token, IdentityFailure.IssuerUnknown);
    }

    [Fact]
    public async Task Authenticate_MoreTokensThanRoom_DropsTheLeastRecentlyUsed()
    {
        var gateway = new TestGateway(_issuer, cacheCapacity: 16);
        var hot = _issuer.Token(claims => claims["jti"] = "hot");
        var agent = await gateway.AcceptAsync(hot);
        for (var i = 0; i < 100; i++)
        {
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Same(agent, await gateway.AcceptAsync(hot));
            await gateway.AcceptAsync(_issuer.Token(claims => claims["jti"] = $"cold-{i}"));
            Assert.InRange(gateway.Authenticator.CachedTokens, 1, 16);
        }
    }

    [Fact]
    public async Task Authenticate_FullCache_DropsExpiredTokensFirst()
    {
        var gateway = new TestGateway(_issuer, cacheCapacity: 16);
        var oldest = _issuer.Token(claims => claims["exp"] = TestClock.Start.AddHours(1).ToUnixTimeSeconds());
        var agent = await gateway.AcceptAsync(oldest);
        gateway.Clock.Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 15; i++)
        {
            await gateway.AcceptAsync(_issuer.Token(claims => claims["jti"] = $"short-{i}"));
        }

        gateway.Clock.Advance(TimeSpan.FromMinutes(10));
        await gateway.AcceptAsync(_issuer.Token(now: gateway.Clock.GetUtcNow()));
        Assert.Equal(2, gateway.Authenticator.CachedTokens);
        Assert.Same(agent, await gateway.AcceptAsync(oldest));
    }

    [Fact]
    public async Task Authenticate_SameTokenFromManyThreads_IsVerifiedAndKeptOnce()
    {
        var token = _issuer.Token();
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _gateway.AuthenticateAsync(token))));
        Assert.All(results, result => Assert.True(result.Succeeded));
        Assert.Equal(1, _gateway.Authenticator.CachedTokens);
    }
}
