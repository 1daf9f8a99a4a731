using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity;

/// <summary>Holds a private key and signs whatever a test wants signed, correct or not.</summary>
internal sealed class TestIssuer
{
    public const string Url = "https://issuer.example";
    public const string Audience = "gateway";

    private static readonly Lazy<RSA> SharedRsa = new(() => RSA.Create(2048));

    public TestIssuer(string algorithm = "ES256", string? keyId = "key-1", RSA? rsa = null)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        PrivateKey = algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => rsa ?? SharedRsa.Value,
        };
    }

    public string Algorithm { get; }

    public string? KeyId { get; }

    public AsymmetricAlgorithm PrivateKey { get; }

    public static IssuerDefinition Definition => new() { Name = "test", Issuer = Url, Audiences = [Audience] };

    public SigningKey Key => JsonWebKeyReader.Read(JsonSerializer.SerializeToElement(Jwk)) ?? throw new InvalidOperationException("The test's key is unusable.");

    /// <summary>The public key as an issuer would publish it.</summary>
    public JsonObject Jwk
    {
        get
        {
            var jwk = new JsonObject { ["use"] = "sig" };
            if (KeyId is not null)
            {
                jwk["kid"] = KeyId;
            }

            switch (PrivateKey)
            {
                case RSA rsa:
                    var modulus = rsa.ExportParameters(false);
                    jwk["kty"] = "RSA";
                    jwk["n"] = Base64UrlText.Encode(modulus.Modulus);
                    jwk["e"] = Base64UrlText.Encode(modulus.Exponent);
                    break;
                case ECDsa ecdsa:
                    var point = ecdsa.ExportParameters(false).Q;
                    jwk["kty"] = "EC";
                    jwk["crv"] = $"P-{ecdsa.KeySize}";
                    jwk["x"] = Base64UrlText.Encode(point.X);
                    jwk["y"] = Base64UrlText.Encode(point.Y);
                    break;
            }

            return jwk;
        }
    }

    public static string JwkSet(params TestIssuer[] issuers) =>
        new JsonObject { ["keys"] = new JsonArray([.. issuers.Select(issuer => issuer.Jwk)]) }.ToJsonString();

    public JsonObject Header()
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["typ"] = "JWT" };
        if (KeyId is not null)
        {
            header["kid"] = KeyId;
        }

        return header;
    }

    public static JsonObject Claims(DateTimeOffset? now = null)
    {
        var time = (now ?? TestClock.Start).ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Url,
            ["sub"] = "agent",
            ["aud"] = Audience,
            ["iat"] = time,
            ["nbf"] = time,
            ["exp"] = time + 300,
            ["jti"] = "token-1",
        };
    }

    /// <summary>A token that is right except for what the test changes.</summary>
    public string Token(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, DateTimeOffset? now = null)
    {
        var tokenHeader = Header();
        var tokenClaims = Claims(now);
        header?.Invoke(tokenHeader);
        claims?.Invoke(tokenClaims);
        return Sign(tokenHeader.ToJsonString(), tokenClaims.ToJsonString());
    }

    public string Sign(string header, string claims) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims));

    public string Sign(byte[] header, byte[] claims)
    {
        var input = $"{Base64UrlText.Encode(header)}.{Base64UrlText.Encode(claims)}";
        return $"{input}.{Base64UrlText.Encode(Signature(Encoding.ASCII.GetBytes(input)))}";
    }

    private byte[] Signature(byte[] input)
    {
        SignatureAlgorithm.TryGet(Algorithm, out var algorithm);
        return PrivateKey is RSA rsa
            ? rsa.SignData(input, algorithm!.Hash, algorithm.Padding!)
            : ((ECDsa)PrivateKey).SignData(input, algorithm!.Hash);
    }
}
