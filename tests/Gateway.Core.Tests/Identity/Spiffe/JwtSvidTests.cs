using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Tests.Identity.Spiffe;

/// <summary>JWT-SVID, sections 2 to 5, verified with the keys of the subject's own trust domain.</summary>
public sealed class JwtSvidTests
{
    private const string Id = "spiffe://example.org/agent/billing";

    private readonly TestClock _clock = new();
    private readonly TestIssuer _issuer = new();
    private readonly TestBundleSource _bundles;
    private readonly TrustDomain _domain;
    private readonly JwtAuthenticator _authenticator;

    public JwtSvidTests()
    {
        _bundles = Source(_issuer);
        _domain = new TrustDomain(TestBundleSource.Definition(), _bundles);
        _authenticator = Authenticator(_domain);
    }

    [Fact]
    public async Task Authenticate_GoodSvid_IsTheAgent()
    {
        var agent = await AcceptAsync(Svid());

        Assert.Equal((Id, "example.org", "jwt-svid", false), (agent.Id, agent.Issuer, agent.Method, agent.ProofOfPossession));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    public async Task Authenticate_AlgorithmOfTheTable_IsAccepted(string algorithm)
    {
        var issuer = new TestIssuer(algorithm);

        Assert.True((await AuthenticateAsync(Svid(issuer: issuer), Authenticator(new TrustDomain(TestBundleSource.Definition(), Source(issuer))))).Succeeded);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("EdDSA")]
    [InlineData("es256")]
    public Task Authenticate_OtherAlgorithm_IsRefused(string algorithm) => RefuseAsync(IdentityFailure.AlgorithmNotAllowed, Svid(header: h => h["alg"] = algorithm));

    [Theory]
    [InlineData("x5t")]
    [InlineData("x5c")]
    [InlineData("jku")]
    [InlineData("crit")]
    [InlineData("cty")]
    [InlineData("mine")]
    public Task Authenticate_OtherHeaderParameter_IsRefused(string name) => RefuseAsync(IdentityFailure.HeaderNotAllowed, Svid(header: h => h[name] = "x"));

    [Theory]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("JOSE")]
    public async Task Authenticate_TypeAbsentJwtOrJose_IsAccepted(string? type) => await AcceptAsync(Svid(header: h => Set(h, "typ", type)));

    [Theory]
    [InlineData("jwt")]
    [InlineData("at+jwt")]
    [InlineData("application/jose")]
    [InlineData("")]
    public Task Authenticate_OtherType_IsRefused(string type) => RefuseAsync(IdentityFailure.HeaderNotAllowed, Svid(header: h => h["typ"] = type));

    [Fact]
    public async Task Authenticate_WithoutKeyId_IsAcceptedWhereOneKeyFits() => await AcceptAsync(Svid(header: h => h.Remove("kid")));

    [Theory]
    [InlineData("spiffe://example.org")]
    [InlineData("spiffe://example.org/")]
    [InlineData("spiffe://example.org/a/../b")]
    [InlineData("billing")]
    [InlineData(null)]
    public async Task Authenticate_SubjectThatIsNoWorkloadsId_IsRefused(string? subject)
    {
        var result = await AuthenticateAsync(Svid(c => Set(c, "sub", subject)));

        Assert.False(result.Succeeded);
        Assert.Contains(result.Failure, new[] { IdentityFailure.SubjectInvalid, IdentityFailure.IssuerUnknown });
    }

    [Fact]
    public async Task Authenticate_SubjectOf2048Characters_IsAccepted() => await AcceptAsync(Svid(c => c["sub"] = Id + new string('x', 2048 - Id.Length)));

    [Fact]
    public Task Authenticate_WithoutAudience_IsRefused() => RefuseAsync(IdentityFailure.AudienceInvalid, Svid(c => c.Remove("aud")));

    [Fact]
    public Task Authenticate_OtherAudience_IsRefused() => RefuseAsync(IdentityFailure.AudienceInvalid, Svid(c => c["aud"] = "reports"));

    [Fact]
    public async Task Authenticate_AudienceAsArrayOfOne_IsAccepted() => await AcceptAsync(Svid(c => c["aud"] = new JsonArray("gateway")));

    /// <summary>Section 7.2: the other one could replay it here.</summary>
    [Fact]
    public Task Authenticate_TwoAudiences_IsRefused() => RefuseAsync(IdentityFailure.AudienceInvalid, Svid(c => c["aud"] = new JsonArray("gateway", "reports")));

    [Fact]
    public Task Authenticate_WithoutExpiry_IsRefused() => RefuseAsync(IdentityFailure.Malformed, Svid(c => c.Remove("exp")));

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public async Task Authenticate_AfterItsExpiry_SkewOf30SecondsCounts(int seconds, bool accepted)
    {
        var token = Svid();
        await AcceptAsync(token);
        _clock.Advance(TimeSpan.FromSeconds(300 + seconds));

        Assert.Equal(accepted, (await AuthenticateAsync(token)).Succeeded);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public async Task Authenticate_Lifetime_IsFiveMinutesAtMost(int seconds, bool accepted)
    {
        var token = Svid(c => c["exp"] = TestClock.Start.ToUnixTimeSeconds() + seconds);

        Assert.Equal(accepted, (await AuthenticateAsync(token)).Succeeded);
    }

    /// <summary>Section 3 does not ask for <c>iat</c>.</summary>
    [Theory]
    [InlineData(330, true)]
    [InlineData(331, false)]
    public async Task Authenticate_WithoutIssuedAt_WhatIsLeftOfItsLifeCounts(int seconds, bool accepted)
    {
        var token = Svid(c =>
        {
            c.Remove("iat");
            c["exp"] = TestClock.Start.ToUnixTimeSeconds() + seconds;
        });

        Assert.Equal(accepted, (await AuthenticateAsync(token)).Succeeded);
    }

    /// <summary>Section 5.1: the compact serialisation and no other.</summary>
    [Theory]
    [InlineData("""{"payload":"e30","protected":"e30","signature":"AA"}""")]
    [InlineData("""{"payload":"e30","signatures":[]}""")]
    public Task Authenticate_JsonSerialisation_IsRefused(string token) => RefuseAsync(IdentityFailure.Malformed, token);

    [Fact]
    public async Task Authenticate_KeyOfAnotherTrustDomain_IsRefused()
    {
        var other = new TestIssuer(keyId: "key-2");
        var authenticator = Authenticator(_domain, new TrustDomain(TestBundleSource.Definition("other.example"), Source(other)));

        Assert.Equal(IdentityFailure.KeyUnknown, (await AuthenticateAsync(Svid(issuer: other), authenticator)).Failure);
        Assert.Equal("other.example", (await AuthenticateAsync(Svid(c => c["sub"] = "spiffe://other.example/a", issuer: other), authenticator)).Issuer);
    }

    /// <summary>JWT-SVID, section 6.2: an X.509 authority's key signs no tokens.</summary>
    [Fact]
    public async Task Authenticate_BundleWithoutTokenKeys_IsRefused()
    {
        _bundles.Current = new FetchedBundle(TestBundle.Of(TestAuthority.Root().Certificate), TestClock.Start);

        await RefuseAsync(IdentityFailure.KeyUnknown, Svid());
    }

    [Fact]
    public async Task Authenticate_CachedTokenWhoseKeyLeftTheBundle_IsRefused()
    {
        var token = Svid();
        await AcceptAsync(token);
        _bundles.Current = new FetchedBundle(TestBundle.Read(TestBundle.Json([], [new TestIssuer(keyId: "key-2")])), TestClock.Start);

        await RefuseAsync(IdentityFailure.KeyUnknown, token);
    }

    [Fact]
    public async Task Authenticate_KeyThatARefreshBrings_IsAccepted()
    {
        var next = new TestIssuer(keyId: "key-2");
        _bundles.AfterRefresh = new FetchedBundle(TestBundle.Read(TestBundle.Json([], [_issuer, next])), TestClock.Start);

        Assert.True((await AuthenticateAsync(Svid(issuer: next))).Succeeded);
    }

    [Fact]
    public Task Authenticate_UnknownTrustDomain_IsRefused() => RefuseAsync(IdentityFailure.IssuerUnknown, Svid(c => c["sub"] = "spiffe://other.example/a"));

    /// <summary>A trust domain's server may issue for OpenID Connect too; then that configuration decides, and its rules.</summary>
    [Fact]
    public async Task Authenticate_IssuerThatIsConfigured_DecidesBeforeTheTrustDomain()
    {
        var issuers = new IssuerSet([new TrustedIssuer(TestIssuer.Definition, new TestKeySource(new([_issuer.Key], TestClock.Start))), _domain.TokenIssuer]);
        var authenticator = new JwtAuthenticator(issuers, _clock);

        Assert.Equal($"test:{Id}", (await AuthenticateAsync(Svid(c => c["iss"] = TestIssuer.Url), authenticator)).Agent?.Id);
        Assert.Equal(Id, (await AuthenticateAsync(Svid(c => c["iss"] = "https://elsewhere.example"), authenticator)).Agent?.Id);
    }

    private static TestBundleSource Source(TestIssuer issuer) => new(TestBundle.Read(TestBundle.Json([], [issuer])), TestClock.Start);

    private static void Set(JsonObject json, string name, string? value)
    {
        json.Remove(name);
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private string Svid(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, TestIssuer? issuer = null) => (issuer ?? _issuer).Token(
        c =>
        {
            c.Remove("iss");
            c.Remove("nbf");
            c["sub"] = Id;
            claims?.Invoke(c);
        },
        header);

    private JwtAuthenticator Authenticator(params TrustDomain[] domains) => new(new IssuerSet(domains.Select(d => d.TokenIssuer)), _clock);

    private async Task<IdentityResult> AuthenticateAsync(string token, JwtAuthenticator? authenticator = null) =>
        (await (authenticator ?? _authenticator).AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(default);

    private async Task<AgentIdentity> AcceptAsync(string token)
    {
        var result = await AuthenticateAsync(token);
        Assert.True(result.Succeeded, $"Refused: {result.Failure}");
        return result.Agent;
    }

    private async Task RefuseAsync(IdentityFailure expected, string token)
    {
        var result = await AuthenticateAsync(token);
        Assert.False(result.Succeeded);
        Assert.Equal(expected, result.Failure);
    }
}
