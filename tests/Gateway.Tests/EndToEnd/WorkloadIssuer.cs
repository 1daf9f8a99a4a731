using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>Signs workload tokens (ES256), and writes the JWKS file that the gateway verifies them with.</summary>
internal sealed class WorkloadIssuer : IDisposable
{
    public const string Name = "dev";
    public const string Url = "https://issuer.test";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>What the gateway calls the agent of <see cref="Token"/>.</summary>
    public static string AgentId(string subject = "worker") => $"{Name}:{subject}";

    public string Token(string subject = "worker") => Sign(Claims(subject));

    /// <summary>A token that differs from <see cref="Token"/> in one claim.</summary>
    public string TokenWith(string claim, object value) => Sign(new Dictionary<string, object>(Claims("worker")) { [claim] = value });

    /// <summary>A token that differs from <see cref="Token"/> in several claims.</summary>
    public string TokenWith(IReadOnlyDictionary<string, object> claims)
    {
        var all = new Dictionary<string, object>(Claims("worker"));
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        return Sign(all);
    }

    /// <summary>A token with these claims and no other.</summary>
    public string Sign(IReadOnlyDictionary<string, object> claims, string type = "JWT")
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256", kid = "key-1", typ = type });
        var signed = $"{Encode(header)}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>A token that nobody has signed (RFC 7518, section 3.6).</summary>
    public static string UnsignedToken() =>
        $"{Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = "none", typ = "JWT" }))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(Claims("worker")))}.";

    /// <summary>The <c>Identity</c> section of a gateway that trusts this issuer alone.</summary>
    public object Configure(TemporaryFolder folder, params string[] claims) => new
    {
        Issuers = new Dictionary<string, object>
        {
            [Name] = new { Issuer = Url, Audiences = new[] { "gateway" }, JwksFile = folder.Write("jwks.json", KeySet()), Claims = claims },
        },
    };

    public string KeySet()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", kid = "key-1", alg = "ES256", use = "sig", x = Encode(point.X), y = Encode(point.Y) } },
        });
    }

    public void Dispose() => _key.Dispose();

    private static Dictionary<string, object> Claims(string subject) => new()
    {
        ["iss"] = Url,
        ["sub"] = subject,
        ["aud"] = "gateway",
        ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ["exp"] = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds(),
        ["jti"] = Guid.NewGuid().ToString("N"),
    };

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
