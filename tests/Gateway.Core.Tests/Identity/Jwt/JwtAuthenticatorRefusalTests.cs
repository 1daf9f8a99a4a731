using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Tests.Identity.Jwt;

public sealed class JwtAuthenticatorRefusalTests
{
    private readonly TestIssuer _issuer = new();
    private readonly TestGateway _gateway;

    public JwtAuthenticatorRefusalTests() => _gateway = new TestGateway(_issuer);

    public static TheoryData<string> NoneInAllCases()
    {
        var data = new TheoryData<string>();
        for (var bits = 0; bits < 16; bits++)
        {
            data.Add(string.Concat("none".Select((letter, index) => (bits >> index & 1) == 1 ? char.ToUpperInvariant(letter) : letter)));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(NoneInAllCases))]
    public async Task Authenticate_AlgorithmNone_IsRefused(string none)
    {
        var signed = _issuer.Token(header: header => header["alg"] = none);
        await _gateway.RefuseAsync(signed, IdentityFailure.AlgorithmNotAllowed);
        await _gateway.RefuseAsync(signed[..(signed.LastIndexOf('.') + 1)], IdentityFailure.AlgorithmNotAllowed);
        await _gateway.RefuseAsync(signed[..signed.LastIndexOf('.')], IdentityFailure.Malformed);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("es256")]
    [InlineData("ES256K")]
    [InlineData("EdDSA")]
    [InlineData("RSA1_5")]
    [InlineData("dir")]
    [InlineData("")]
    [InlineData("ES256 ")]
    public async Task Authenticate_AlgorithmOutsideTheList_IsRefused(string algorithm) =>
        await _gateway.RefuseAsync(_issuer.Token(header: header => header["alg"] = algorithm), IdentityFailure.AlgorithmNotAllowed);

    [Theory]
    [InlineData("pem")]
    [InlineData("der")]
    [InlineData("jwk")]
    [InlineData("modulus")]
    public async Task Authenticate_HmacWithThePublicKey_IsRefused(string form)
    {
        var issuer = new TestIssuer("RS256");
        var rsa = (RSA)issuer.PrivateKey;
        var secret = form switch
        {
            "pem" => Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            "der" => rsa.ExportSubjectPublicKeyInfo(),
            "jwk" => Encoding.UTF8.GetBytes(issuer.Jwk.ToJsonString()),
            _ => rsa.ExportParameters(false).Modulus!,
        };
        var header = issuer.Header();
        header["alg"] = "HS256";
        var input = $"{Encode(header.ToJsonString())}.{Encode(TestIssuer.Claims().ToJsonString())}";
        var token = $"{input}.{Base64UrlText.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";

        await new TestGateway(issuer).RefuseAsync(token, IdentityFailure.AlgorithmNotAllowed);
    }

    [Theory]
    [InlineData("jwk", """{"kty":"EC"}""")]
    [InlineData("jku", "\"https://attacker.example/jwks\"")]
    [InlineData("x5u", "\"https://attacker.example/cert\"")]
    [InlineData("x5c", """["MIIB"]""")]
    [InlineData("crit", """["exp"]""")]
    [InlineData("crit", "[]")]
    [InlineData("b64", "true")]
    [InlineData("b64", "false")]
    [InlineData("zip", "\"DEF\"")]
    [InlineData("enc", "\"A128GCM\"")]
    [InlineData("cty", "\"JWT\"")]
    [InlineData("epk", "{}")]
    [InlineData("nonce", "\"n\"")]
    [InlineData("Kid", "\"key-1\"")]
    public async Task Authenticate_HeaderParameterOutsideTheList_IsRefused(string name, string json) =>
        await _gateway.RefuseAsync(_issuer.Token(header: header => header[name] = JsonNode.Parse(json)), IdentityFailure.HeaderNotAllowed);

    [Fact]
    public async Task Authenticate_TokenThatBringsItsOwnKey_IsRefused()
    {
        var attacker = new TestIssuer();
        await _gateway.RefuseAsync(attacker.Token(header: header => header["jwk"] = attacker.Jwk), IdentityFailure.HeaderNotAllowed);
        await _gateway.RefuseAsync(attacker.Token(), IdentityFailure.SignatureInvalid);
    }

    [Theory]
    [InlineData("dpop+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("wit+jwt")]
    [InlineData("")]
    [InlineData("application/")]
    [InlineData("text/jwt")]
    public async Task Authenticate_TypeOutsideTheList_IsRefused(string type) =>
        await _gateway.RefuseAsync(_issuer.Token(header: header => header["typ"] = type), IdentityFailure.TypeNotAllowed);

    [Fact]
    public async Task Authenticate_TypeAbsentWhereOneIsDemanded_IsRefused()
    {
        var gateway = new TestGateway(_issuer, definition => definition with { TokenTypes = ["at+jwt"] });
        await gateway.RefuseAsync(_issuer.Token(header: header => header.Remove("typ")), IdentityFailure.TypeNotAllowed);
        await gateway.RefuseAsync(_issuer.Token(), IdentityFailure.TypeNotAllowed);
    }

    [Fact]
    public async Task Authenticate_AlgorithmThatTheIssuerDoesNotUse_IsRefused()
    {
        var gateway = new TestGateway(_issuer, definition => definition with { Algorithms = ["RS256"] });
        await gateway.RefuseAsync(_issuer.Token(), IdentityFailure.AlgorithmNotAllowed);
    }

    [Theory]
    [InlineData("https://issuer.example/")]
    [InlineData("https://ISSUER.example")]
    [InlineData("https://attacker.example")]
    [InlineData("test")]
    [InlineData("")]
    public async Task Authenticate_OtherIssuer_IsRefused(string issuer)
    {
        var result = await _gateway.AuthenticateAsync(_issuer.Token(claims => claims["iss"] = issuer));
        Assert.Equal(IdentityFailure.IssuerUnknown, result.Failure);
        Assert.Null(result.Issuer);
        Assert.Equal("agent", result.ClaimedAgent);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("""["https://issuer.example"]""")]
    public async Task Authenticate_IssuerThatIsNoString_IsRefused(string json) =>
        await _gateway.RefuseAsync(_issuer.Token(claims => claims["iss"] = JsonNode.Parse(json)), IdentityFailure.IssuerUnknown);

    [Theory]
    [InlineData("key-2")]
    [InlineData("KEY-1")]
    [InlineData("")]
    public async Task Authenticate_UnknownKeyId_IsRefusedThoughAnotherKeyWouldVerify(string keyId)
    {
        await _gateway.RefuseAsync(_issuer.Token(header: header => header["kid"] = keyId), IdentityFailure.KeyUnknown);
        Assert.Equal(1, _gateway.Keys.Refreshes);
    }

    [Fact]
    public async Task Authenticate_NoKeyIdAndSeveralFittingKeys_IsRefused()
    {
        var gateway = new TestGateway([_issuer.Key, new TestIssuer(keyId: "key-2").Key]);
        await gateway.RefuseAsync(_issuer.Token(header: header => header.Remove("kid")), IdentityFailure.KeyUnknown);
    }

    [Fact]
    public async Task Authenticate_KeyMeantForAnotherAlgorithm_IsRefused()
    {
        var issuer = new TestIssuer("PS256");
        var jwk = issuer.Jwk;
        jwk["alg"] = "RS256";
        var gateway = new TestGateway([Keys.JsonWebKeys.Read(jwk.ToJsonString())!]);
        await gateway.RefuseAsync(issuer.Token(), IdentityFailure.KeyUnknown);
    }

    [Fact]
    public async Task Authenticate_CurveOtherThanTheAlgorithms_IsRefused() =>
        await _gateway.RefuseAsync(_issuer.Token(header: header => header["alg"] = "ES384"), IdentityFailure.KeyUnknown);

    [Theory]
    [InlineData("null")]
    [InlineData("\"other\"")]
    [InlineData("\"Gateway\"")]
    [InlineData("[]")]
    [InlineData("""["other"]""")]
    [InlineData("""["gateway", 1]""")]
    [InlineData("""[["gateway"]]""")]
    [InlineData("""{"gateway":true}""")]
    public async Task Authenticate_OtherAudience_IsRefused(string json) =>
        await _gateway.RefuseAsync(_issuer.Token(claims => claims["aud"] = JsonNode.Parse(json)), IdentityFailure.AudienceInvalid);

    [Fact]
    public async Task Authenticate_MissingAudience_IsRefused() =>
        await _gateway.RefuseAsync(_issuer.Token(claims => claims.Remove("aud")), IdentityFailure.AudienceInvalid);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("\"a\\r\\nb\"")]
    [InlineData("\"a\\u007fb\"")]
    [InlineData("\"a\\u0085b\"")]
    [InlineData("\"a\\u2028b\"")]
    [InlineData("\"a\\u202eb\"")]
    public async Task Authenticate_SubjectThatIsNoPlainText_IsRefused(string json) =>
        await _gateway.RefuseAsync(_issuer.Sign(_issuer.Header().ToJsonString(), ClaimsWith("sub", json)), IdentityFailure.SubjectInvalid);

    [Fact]
    public async Task Authenticate_SubjectLength_IsLimitedTo1024()
    {
        await _gateway.AcceptAsync(_issuer.Token(claims => claims["sub"] = new string('s', 1024)));
        await _gateway.RefuseAsync(_issuer.Token(claims => claims["sub"] = new string('s', 1025)), IdentityFailure.SubjectInvalid);
        await _gateway.RefuseAsync(_issuer.Token(claims => claims.Remove("sub")), IdentityFailure.SubjectInvalid);
    }

    [Theory]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""")]
    [InlineData("""{"x5t#S256":"A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"}""")]
    public async Task Authenticate_BoundTokenWithoutProof_IsRefused(string confirmation)
    {
        var result = await _gateway.AuthenticateAsync(_issuer.Token(claims => claims["cnf"] = JsonNode.Parse(confirmation)));
        Assert.False(result.Succeeded);
        Assert.Contains(result.Failure, new[] { IdentityFailure.ProofRequired, IdentityFailure.CertificateRequired });
    }

    [Theory]
    [InlineData("exp", "1e308")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "99999999999999999999999999999999")]
    [InlineData("exp", "253402300800")]
    [InlineData("exp", "\"1772366700\"")]
    [InlineData("exp", "null")]
    [InlineData("exp", "true")]
    [InlineData("nbf", "1e400")]
    [InlineData("nbf", "\"0\"")]
    [InlineData("nbf", "null")]
    [InlineData("iat", "-1e400")]
    [InlineData("iat", "{}")]
    public async Task Authenticate_AbsurdDate_IsRefused(string name, string json) =>
        await _gateway.RefuseAsync(_issuer.Sign(_issuer.Header().ToJsonString(), ClaimsWith(name, json)), IdentityFailure.Malformed);

    [Fact]
    public async Task Authenticate_NoExpiry_IsRefused() =>
        await _gateway.RefuseAsync(_issuer.Token(claims => claims.Remove("exp")), IdentityFailure.Malformed);

    [Fact]
    public async Task Authenticate_LastDateOfAll_IsAcceptedWithoutOverflow()
    {
        var token = _issuer.Token(claims => claims["exp"] = 253402300799);
        await _gateway.AcceptAsync(token);
        await _gateway.AcceptAsync(token);
    }

    [Fact]
    public async Task Authenticate_LifetimeBeyondTheMaximum_IsRefused()
    {
        var gateway = new TestGateway(_issuer, definition => definition with { MaxLifetime = TimeSpan.FromSeconds(300) });
        await gateway.AcceptAsync(_issuer.Token());
        await gateway.RefuseAsync(_issuer.Token(claims => claims["exp"] = TestClock.Start.ToUnixTimeSeconds() + 301), IdentityFailure.LifetimeTooLong);
        await gateway.RefuseAsync(_issuer.Token(claims => claims.Remove("iat")), IdentityFailure.LifetimeTooLong);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"key-1","alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","kid":"key-1","\u0061lg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","kid":["key-1"]}""")]
    [InlineData("""{"alg":["ES256"],"kid":"key-1"}""")]
    [InlineData("""{"kid":"key-1"}""")]
    [InlineData("""["ES256"]""")]
    [InlineData("""{"alg":"ES256","kid":"key-1",}""")]
    [InlineData("""{"alg":"ES256","kid":"key-1"}/* */""")]
    [InlineData("""{"alg":"ES256","kid":"key-1"}{}""")]
    [InlineData("""{"alg":"ES256","kid":"key-1","typ":"\ud800"}""")]
    [InlineData("")]
    public async Task Authenticate_HeaderReadableInTwoWays_IsRefused(string header) =>
        await _gateway.RefuseAsync(_issuer.Sign(header, TestIssuer.Claims().ToJsonString()), IdentityFailure.Malformed);

    [Fact]
    public async Task Authenticate_ClaimsReadableInTwoWays_AreRefused()
    {
        var header = _issuer.Header().ToJsonString();
        var claims = TestIssuer.Claims().ToJsonString();
        string[] bad =
        [
            claims[..^1] + ",\"sub\":\"admin\"}",
            claims[..^1] + ",\"s\\u0075b\":\"admin\"}",
            claims[..^1] + ",\"nested\":{\"a\":1,\"a\":2}}",
            claims[..^1] + ",\"lone\":\"\\udc00\"}",
            claims[..^1] + ",\"deep\":" + new string('[', 17) + new string(']', 17) + "}",
            claims[..^1] + ",}",
            claims + " x",
            "\uFEFF" + claims,
            "[" + claims + "]",
        ];
        foreach (var json in bad)
        {
            await _gateway.RefuseAsync(_issuer.Sign(header, json), IdentityFailure.Malformed);
        }

        byte[] invalidUtf8 = [.. Encoding.UTF8.GetBytes(claims[..^1] + ",\"x\":\""), 0xC3, 0x28, .. "\"}"u8];
        await _gateway.RefuseAsync(_issuer.Sign(Encoding.UTF8.GetBytes(header), invalidUtf8), IdentityFailure.Malformed);
    }

    [Fact]
    public async Task Authenticate_TokenTruncatedAnywhere_IsRefused()
    {
        var token = _issuer.Token();
        for (var length = 0; length < token.Length; length++)
        {
            var result = await _gateway.AuthenticateAsync(token[..length]);
            Assert.False(result.Succeeded, $"Accepted at length {length}.");
            Assert.True(result.Failure is IdentityFailure.Malformed or IdentityFailure.SignatureInvalid, $"{result.Failure} at length {length}.");
        }
    }

    [Fact]
    public async Task Authenticate_TokenSpelledAnotherWay_IsRefused()
    {
        var token = _issuer.Token();
        await _gateway.AcceptAsync(token);
        string[] spellings =
        [
            token + "=", token + "==", token + ".", "." + token, token + " ", " " + token, token + "\n",
            token.Replace(".", "=.", StringComparison.Ordinal), token.Replace(".", " .", StringComparison.Ordinal), token.Replace('.', ','),
            token + ".." , token.Insert(10, "\r\n"), token[..^1] + (token[^1] == 'A' ? 'B' : (char)(token[^1] + 1)),
        ];
        foreach (var spelling in spellings)
        {
            Assert.False((await _gateway.AuthenticateAsync(spelling)).Succeeded, spelling);
        }
    }

    [Fact]
    public async Task Authenticate_HugeToken_IsRefusedUnread()
    {
        await _gateway.RefuseAsync(_issuer.Token(claims => claims["pad"] = new string('x', 100_000)), IdentityFailure.TooLarge);
        await _gateway.RefuseAsync(new string('.', CompactToken.MaxLength + 1), IdentityFailure.TooLarge);
        await _gateway.RefuseAsync(new string('.', CompactToken.MaxLength), IdentityFailure.Malformed);
        await _gateway.AcceptAsync(_issuer.Token(claims => claims["pad"] = new string('x', 11_000)));
    }

    [Fact]
    public async Task Authenticate_NestedOrEncryptedToken_IsRefused() =>
        await _gateway.RefuseAsync("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AA.AA.AA.AA", IdentityFailure.Malformed);

    [Fact]
    public async Task Authenticate_NoKeysAtAll_SaysSo()
    {
        _gateway.Keys.Current = null;
        await _gateway.RefuseAsync(_issuer.Token(), IdentityFailure.KeysUnavailable);
    }

    [Fact]
    public async Task Authenticate_RefusedToken_IsNeverRemembered()
    {
        await _gateway.RefuseAsync(_issuer.Token(claims => claims["aud"] = "other"), IdentityFailure.AudienceInvalid);
        await _gateway.RefuseAsync(_issuer.Token(header: header => header["kid"] = "x"), IdentityFailure.KeyUnknown);
        Assert.Equal(0, _gateway.Authenticator.CachedTokens);
    }

    [Fact]
    public async Task Authenticate_ClaimedAgentOfARefusal_IsSafeToWriteDown()
    {
        var result = await _gateway.AuthenticateAsync(_issuer.Token(claims =>
        {
            claims["sub"] = "a\r\n\u202Eb" + new string('x', 400);
            claims["aud"] = "other";
        }));
        Assert.Equal("test:a???b", result.ClaimedAgent?[..10]);
        Assert.Equal(256, result.ClaimedAgent?.Length);
    }

    private static string Encode(string text) => Base64UrlText.Encode(Encoding.UTF8.GetBytes(text));

    private static string ClaimsWith(string name, string json)
    {
        var claims = TestIssuer.Claims();
        claims.Remove(name);
        return $"{claims.ToJsonString()[..^1]},\"{name}\":{json}}}";
    }
}
