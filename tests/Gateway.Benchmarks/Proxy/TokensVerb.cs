using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Proxy;

/// <summary>Writes what the contenders verify with, what a good agent sends, and what each contender must refuse.</summary>
/// <remarks>
/// Made with the runtime's own cryptography and not with the library that the gateway verifies with, so that a mistake in
/// one does not cancel out in the other. HAProxy 2.6 reads public keys as PEM, the gateway reads the JWKS.
/// </remarks>
internal static class TokensVerb
{
    private const string Issuer = "http://127.0.0.1/bench-issuer";
    private const string Audience = "gateway";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static int Run(string folder)
    {
        Directory.CreateDirectory(folder);
        using var es256 = new Es256Signer();
        using var otherEs256 = new Es256Signer();
        using var rs256 = new Rs256Signer();
        using var otherRs256 = new Rs256Signer();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();

        Write(folder, es256, forger: otherEs256, now);
        Write(folder, rs256, forger: otherRs256, now);
        var keys = new JsonObject { ["keys"] = new JsonArray(es256.PublicJwk(), rs256.PublicJwk()) };
        File.WriteAllText(Path.Combine(folder, "jwks.json"), keys.ToJsonString());
        return 0;
    }

    private static void Write(string folder, ITokenSigner signer, ITokenSigner forger, DateTimeOffset now)
    {
        string name = signer.Algorithm.ToLowerInvariant();
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), signer.PublicPem());
        WriteToken("good", signer, Claims(now));
        WriteToken("bad-signature", forger, Claims(now));
        WriteToken("bad-issuer", signer, Claims(now, issuer: "http://127.0.0.1/another-issuer"));
        WriteToken("bad-audience", signer, Claims(now, audience: "another-audience"));
        WriteToken("bad-expiry", signer, Claims(now - (2 * Lifetime)));

        void WriteToken(string kind, ITokenSigner key, JsonObject claims)
            => File.WriteAllText(Path.Combine(folder, $"{name}.{kind}.jwt"), Encode(key, claims));
    }

    private static JsonObject Claims(DateTimeOffset issuedAt, string issuer = Issuer, string audience = Audience) => new()
    {
        ["iss"] = issuer,
        ["aud"] = audience,
        ["sub"] = "bench-agent",
        ["iat"] = issuedAt.ToUnixTimeSeconds(),
        ["nbf"] = issuedAt.ToUnixTimeSeconds(),
        ["exp"] = (issuedAt + Lifetime).ToUnixTimeSeconds(),
        ["jti"] = Guid.NewGuid().ToString("N"),
    };

    private static string Encode(ITokenSigner signer, JsonObject claims)
    {
        // The kid depends on the algorithm alone: a forged token names the real key, so only the signature gives it away.
        var header = new JsonObject { ["alg"] = signer.Algorithm, ["kid"] = signer.KeyId, ["typ"] = "JWT" };
        string signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(signer.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private interface ITokenSigner
    {
        string Algorithm { get; }

        string KeyId { get; }

        byte[] Sign(byte[] data);

        string PublicPem();

        JsonObject PublicJwk();
    }

    private sealed class Es256Signer : ITokenSigner, IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Algorithm => "ES256";

        public string KeyId => "bench-es256";

        public byte[] Sign(byte[] data)
            => _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        public string PublicPem() => _key.ExportSubjectPublicKeyInfoPem();

        public JsonObject PublicJwk()
        {
            ECParameters key = _key.ExportParameters(includePrivateParameters: false);
            return new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["use"] = "sig",
                ["alg"] = Algorithm,
                ["kid"] = KeyId,
                ["x"] = Base64Url.EncodeToString(key.Q.X),
                ["y"] = Base64Url.EncodeToString(key.Q.Y),
            };
        }

        public void Dispose() => _key.Dispose();
    }

    private sealed class Rs256Signer : ITokenSigner, IDisposable
    {
        private readonly RSA _key = RSA.Create(2048);

        public string Algorithm => "RS256";

        public string KeyId => "bench-rs256";

        public byte[] Sign(byte[] data) => _key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        public string PublicPem() => _key.ExportSubjectPublicKeyInfoPem();

        public JsonObject PublicJwk()
        {
            RSAParameters key = _key.ExportParameters(includePrivateParameters: false);
            return new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = Algorithm,
                ["kid"] = KeyId,
                ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
            };
        }

        public void Dispose() => _key.Dispose();
    }
}
