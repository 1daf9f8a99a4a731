using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Core.Tests.Identity.Jwt;

public sealed class JwtAuthenticatorTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Authenticate_TokenOfEachAlgorithm_IsAccepted(string algorithm)
    {
        var issuer = new TestIssuer(algorithm);
        var agent = await new TestGateway(issuer).AcceptAsync(issuer.Token());

        Assert.Equal("test:agent", agent.Id);
        Assert.Equal("test", agent.Issuer);
        Assert.Equal("jwt", agent.Method);
        Assert.False(agent.ProofOfPossession);
        Assert.Equal("token-1", agent.TokenId);
        Assert.Equal(TestClock.Start, agent.IssuedAt);
        Assert.Equal(TestClock.Start.AddSeconds(300), agent.ExpiresAt);
        Assert.Empty(agent.Claims);
    }

    [Fact]
    public async Task Authenticate_TokenOfAnotherImplementation_IsAccepted()
    {
        var issuer = new TestIssuer();
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = TestIssuer.Url,
            Audience = TestIssuer.Audience,
            Claims = new Dictionary<string, object> { ["sub"] = "other-stack" },
            IssuedAt = TestClock.Start.UtcDateTime,
            Expires = TestClock.Start.AddMinutes(5).UtcDateTime,
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey((ECDsa)issuer.PrivateKey) { KeyId = issuer.KeyId }, "ES256"),
        });

        Assert.Equal("test:other-stack", (await new TestGateway(issuer).AcceptAsync(token)).Id);
    }

    [Fact]
    public async Task Authenticate_AudienceArrayWithOurs_IsAccepted()
    {
        var issuer = new TestIssuer();
        await new TestGateway(issuer).AcceptAsync(issuer.Token(claims => claims["aud"] = new JsonArray("other", TestIssuer.Audience)));
    }

    [Fact]
    public async Task Authenticate_FractionalDates_KeepTheirFraction()
    {
        var issuer = new TestIssuer();
        var expires = (decimal)TestClock.Start.ToUnixTimeSeconds() + 10.5m;
        var agent = await new TestGateway(issuer).AcceptAsync(issuer.Token(claims => claims["exp"] = expires));
        Assert.Equal(TestClock.Start.AddSeconds(10.5), agent.ExpiresAt);
    }

    [Fact]
    public async Task Authenticate_ConfiguredClaims_AreTheOnlyOnesKept()
    {
        var issuer = new TestIssuer();
        var gateway = new TestGateway(issuer, definition => definition with { Claims = ["groups", "absent"] });
        var agent = await gateway.AcceptAsync(issuer.Token(claims =>
        {
            claims["groups"] = new JsonArray("finance");
            claims["email"] = "person@example.org";
        }));

        Assert.Equal(["groups"], agent.Claims.Keys);
        Assert.Equal("""["finance"]""", agent.Claims["groups"].GetRawText());
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/jwt")]
    [InlineData("application/at+jwt")]
    [InlineData(null)]
    public async Task Authenticate_DefaultTokenType_IsAccepted(string? type)
    {
        var issuer = new TestIssuer();
        await new TestGateway(issuer).AcceptAsync(issuer.Token(header: header => SetOrRemove(header, "typ", type)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bad\u0007id")]
    public async Task Authenticate_TokenWithoutLoggableId_IsNamedByItsHash(string? id)
    {
        var issuer = new TestIssuer();
        var agent = await new TestGateway(issuer).AcceptAsync(issuer.Token(claims => SetOrRemove(claims, "jti", id)));
        Assert.Matches("^sha256:[0-9a-f]{16}$", agent.TokenId);
    }

    [Fact]
    public async Task Authenticate_NoKeyIdAndOneFittingKey_IsAccepted()
    {
        var issuer = new TestIssuer();
        var gateway = new TestGateway([issuer.Key, new TestIssuer("ES384", "other").Key]);
        await gateway.AcceptAsync(issuer.Token(header: header => header.Remove("kid")));
    }

    [Fact]
    public async Task Authenticate_KeyThatArrivesWithARefresh_IsAccepted()
    {
        var issuer = new TestIssuer();
        var gateway = new TestGateway([new TestIssuer(keyId: "old").Key]);
        gateway.Keys.AfterRefresh = new([issuer.Key], gateway.Clock.GetUtcNow());
        await gateway.AcceptAsync(issuer.Token());
        Assert.Equal(1, gateway.Keys.Refreshes);
    }

    [Fact]
    public async Task Authenticate_TwoIssuers_KeepTheirAgentsApart()
    {
        var first = new TestIssuer();
        var second = new TestIssuer();
        var clock = new TestClock();
        var authenticator = new JwtAuthenticator(
            new IssuerSet(
            [
                new TrustedIssuer(TestIssuer.Definition, new TestKeySource(new([first.Key], clock.GetUtcNow()))),
                new TrustedIssuer(
                    TestIssuer.Definition with { Name = "second", Issuer = "https://second.example" },
                    new TestKeySource(new([second.Key], clock.GetUtcNow()))),
            ]),
            clock);

        var accepted = (await authenticator.AuthenticateAsync(second.Token(claims => claims["iss"] = "https://second.example"), TestContext.Current.CancellationToken)).Prove(default);
        Assert.Equal("second:agent", accepted.Agent?.Id);

        // Same kid, another issuer's key.
        var forged = (await authenticator.AuthenticateAsync(second.Token(), TestContext.Current.CancellationToken)).Prove(default);
        Assert.Equal(IdentityFailure.SignatureInvalid, forged.Failure);
        Assert.Equal("test", forged.Issuer);
        Assert.Equal("test:agent", forged.ClaimedAgent);
    }

    private static void SetOrRemove(JsonObject target, string name, string? value)
    {
        if (value is null)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = value;
        }
    }
}
