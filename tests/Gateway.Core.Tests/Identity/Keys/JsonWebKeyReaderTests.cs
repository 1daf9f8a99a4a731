using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity.Keys;

public sealed class JsonWebKeyReaderTests
{
    private readonly TestIssuer _elliptic = new();
    private readonly TestIssuer _rsa = new("RS256");

    [Fact]
    public void Read_Rfc7638Example_HasThatThumbprint()
    {
        var key = JsonWebKeys.Read(
            """
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """);
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key?.Thumbprint);
    }

    [Theory]
    [InlineData("use", "\"enc\"")]
    [InlineData("use", "\"Sig\"")]
    [InlineData("use", "1")]
    [InlineData("key_ops", """["sign"]""")]
    [InlineData("key_ops", "[]")]
    [InlineData("key_ops", "\"verify\"")]
    [InlineData("kty", "\"oct\"")]
    [InlineData("kty", "\"OKP\"")]
    [InlineData("kty", "\"RSA\"")]
    [InlineData("kty", "null")]
    [InlineData("kid", "7")]
    [InlineData("alg", "7")]
    [InlineData("crv", "\"secp256k1\"")]
    [InlineData("crv", "\"P-384\"")]
    [InlineData("crv", "\"p-256\"")]
    [InlineData("x", "\"AA\"")]
    [InlineData("x", "\"\"")]
    [InlineData("x", "null")]
    [InlineData("d", "\"AA\"")]
    public void Read_UnusableEllipticKey_IsPassedOver(string name, string json)
    {
        var jwk = _elliptic.Jwk;
        Assert.NotNull(JsonWebKeys.Read(jwk.ToJsonString()));
        jwk[name] = JsonNode.Parse(json);
        Assert.Null(JsonWebKeys.Read(jwk.ToJsonString()));
    }

    [Theory]
    [InlineData("AQ")]
    [InlineData("Aw")]
    [InlineData("AQAA")]
    [InlineData("AAAA")]
    [InlineData("AQAAAAAAAAAB")]
    [InlineData("")]
    public void Read_UnsoundExponent_IsPassedOver(string exponent)
    {
        var jwk = _rsa.Jwk;
        jwk["e"] = exponent;
        Assert.Null(JsonWebKeys.Read(jwk.ToJsonString()));
    }

    [Fact]
    public void Read_ModulusBelow2048Bits_IsPassedOver()
    {
        using var weak = RSA.Create(1024);
        Assert.Null(JsonWebKeys.Read(new TestIssuer("RS256", rsa: weak).Jwk.ToJsonString()));

        // 2048 bits in length, but not in value.
        var modulus = ((RSA)_rsa.PrivateKey).ExportParameters(false).Modulus!;
        modulus[0] &= 0x7F;
        Assert.Null(JsonWebKeys.Read(Rsa(modulus)));
        Assert.Null(JsonWebKeys.Read(Rsa([.. new byte[128], .. modulus.AsSpan(128)])));
        Assert.Null(JsonWebKeys.Read(Rsa(new byte[256])));
        Assert.Null(JsonWebKeys.Read(Rsa([0xFF, .. new byte[1100]])));
    }

    [Fact]
    public void Read_ModulusWithLeadingZero_IsTheSameKey()
    {
        var modulus = ((RSA)_rsa.PrivateKey).ExportParameters(false).Modulus!;
        Assert.Equal(_rsa.Key.Thumbprint, JsonWebKeys.Read(Rsa([0, .. modulus]))?.Thumbprint);
    }

    [Fact]
    public void Read_PointOffTheCurve_IsPassedOver()
    {
        var jwk = _elliptic.Jwk;
        Base64UrlText.TryDecode(jwk["y"]!.GetValue<string>(), out var y);
        y![31] ^= 1;
        jwk["y"] = Base64UrlText.Encode(y);
        Assert.Null(JsonWebKeys.Read(jwk.ToJsonString()));
    }

    [Fact]
    public void TryRead_SetWithUnusableKeys_KeepsTheUsableOnes()
    {
        var set = $$"""{"keys":[{{_elliptic.Jwk}},{"kty":"oct","k":"AAAA","kid":"key-2"},7,null,{{_rsa.Jwk}}],"extra":true}""";
        Assert.True(JsonWebKeySetReader.TryRead(System.Text.Encoding.UTF8.GetBytes(set), out var keys));
        Assert.Equal([_elliptic.Key.Thumbprint, _rsa.Key.Thumbprint], keys.Select(key => key.Thumbprint));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("<html>")]
    public void TryRead_NoSet_IsRefused(string json) =>
        Assert.False(JsonWebKeySetReader.TryRead(System.Text.Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Find_TwoKeysUnderOneId_AreChosenByAlgorithmOrNotAtAll()
    {
        var otherKind = new TestIssuer("RS256", "key-1");
        var sameKind = new TestIssuer("ES256", "key-1");
        SignatureAlgorithm.TryGet("ES256", out var es256);
        Assert.NotNull(new SigningKeySet([_elliptic.Key, otherKind.Key], default).Find("key-1", es256!));
        Assert.Null(new SigningKeySet([_elliptic.Key, sameKind.Key], default).Find("key-1", es256!));
    }

    private static string Rsa(byte[] modulus) =>
        new JsonObject { ["kty"] = "RSA", ["n"] = Base64UrlText.Encode(modulus), ["e"] = "AQAB" }.ToJsonString();
}
