using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Tests.Identity.Jwt;

/// <summary>What a token is bound to, and that nothing but the proof of it gives an identity.</summary>
public sealed class BoundTokenTests
{
    private const string Key = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    private const string OtherKey = "1ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    private static readonly byte[] Certificate = SHA256.HashData("certificate"u8);
    private static readonly byte[] OtherCertificate = SHA256.HashData("other"u8);

    private readonly TestIssuer _issuer = new();

    public static TheoryData<bool, bool, bool?, bool?, string> Cases => new()
    {
        // Bound to a key, to a certificate; the right (true) or another (false) key or certificate proven.
        { false, false, null, null, "" },
        { false, false, true, true, "" },
        { true, false, null, null, nameof(IdentityFailure.ProofRequired) },
        { true, false, false, null, nameof(IdentityFailure.ProofRequired) },
        { true, false, null, true, nameof(IdentityFailure.ProofRequired) },
        { true, false, true, null, "" },
        { false, true, null, null, nameof(IdentityFailure.CertificateRequired) },
        { false, true, true, null, nameof(IdentityFailure.CertificateRequired) },
        { false, true, null, false, nameof(IdentityFailure.CertificateMismatch) },
        { false, true, null, true, "" },
        { true, true, true, null, nameof(IdentityFailure.CertificateRequired) },
        { true, true, null, true, nameof(IdentityFailure.ProofRequired) },
        { true, true, false, true, nameof(IdentityFailure.ProofRequired) },
        { true, true, true, false, nameof(IdentityFailure.CertificateMismatch) },
        { true, true, true, true, "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Prove_WhatTheTokenIsBoundTo_IsAllThatGivesAnIdentity(bool key, bool certificate, bool? provenKey, bool? provenCertificate, string failure)
    {
        var gateway = new TestGateway(_issuer);
        var token = _issuer.Token(claims => Bind(claims, key, certificate));
        var proven = new ProvenKeys(
            provenKey switch { true => Key, false => OtherKey, null => null },
            provenCertificate switch { true => Certificate, false => OtherCertificate, null => default });

        // Verified, and from the cache.
        for (var i = 0; i < 2; i++)
        {
            var result = (await gateway.Authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(proven);
            Assert.Equal(failure, result.Succeeded ? "" : result.Failure.ToString());
            Assert.Equal("test", result.Issuer);
            Assert.Equal(key || certificate, result.Agent?.ProofOfPossession ?? (key || certificate));
            Assert.Equal("test:agent", result.ClaimedAgent);
        }

        Assert.Equal(1, gateway.Authenticator.CachedTokens);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("""{"jkt":null}""")]
    [InlineData("""{"jkt":"short"}""")]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J"}""")]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I="}""")]
    [InlineData("""{"x5t#S256":"A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5"}""")]
    [InlineData("""{"x5t":"A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"}""")]
    [InlineData("""{"jwk":{"kty":"EC"}}""")]
    [InlineData("""{"kid":"a"}""")]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","kid":"a"}""")]
    public async Task Authenticate_ConfirmationThatCannotBeProven_IsRefused(string confirmation)
    {
        var gateway = new TestGateway(_issuer);
        await gateway.RefuseAsync(_issuer.Token(claims => claims["cnf"] = JsonNode.Parse(confirmation)), IdentityFailure.ConfirmationUnusable);
        Assert.Equal(0, gateway.Authenticator.CachedTokens);
    }

    [Theory]
    [InlineData(nameof(RequiredProof.None), false, false, true)]
    [InlineData(nameof(RequiredProof.None), true, false, true)]
    [InlineData(nameof(RequiredProof.Dpop), false, false, false)]
    [InlineData(nameof(RequiredProof.Dpop), false, true, false)]
    [InlineData(nameof(RequiredProof.Dpop), true, false, true)]
    [InlineData(nameof(RequiredProof.Dpop), true, true, true)]
    [InlineData(nameof(RequiredProof.MutualTls), false, false, false)]
    [InlineData(nameof(RequiredProof.MutualTls), true, false, false)]
    [InlineData(nameof(RequiredProof.MutualTls), false, true, true)]
    public async Task Authenticate_TokenThatIsNotBoundAsItsIssuerDemands_IsRefused(string required, bool key, bool certificate, bool accepted)
    {
        var gateway = new TestGateway(_issuer, definition => definition with { RequiredProof = Enum.Parse<RequiredProof>(required) });
        var token = _issuer.Token(claims => Bind(claims, key, certificate));
        var result = (await gateway.Authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(new ProvenKeys(Key, Certificate));
        Assert.Equal(accepted, result.Succeeded);
        Assert.True(accepted || result.Failure == IdentityFailure.TokenNotBound, $"{result.Failure}");
    }

    [Fact]
    public async Task Hash_OfABoundToken_IsThatOfItsText()
    {
        var gateway = new TestGateway(_issuer);
        var token = _issuer.Token(claims => Bind(claims, key: true, certificate: false));
        var verified = (await gateway.Authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Token!;
        Assert.Equal(Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))), verified.Hash);
    }

    [Fact]
    public void Prove_NothingVerified_IsARefusal()
    {
        var result = default(TokenResult).Prove(new ProvenKeys(Key, Certificate));
        Assert.False(result.Succeeded);
        Assert.True(result.IsPresent);
    }

    private static void Bind(JsonObject claims, bool key, bool certificate)
    {
        var confirmation = new JsonObject();
        if (key)
        {
            confirmation["jkt"] = Key;
        }

        if (certificate)
        {
            confirmation["x5t#S256"] = Base64UrlText.Encode(Certificate);
        }

        if (confirmation.Count > 0)
        {
            claims["cnf"] = confirmation;
        }
    }
}
