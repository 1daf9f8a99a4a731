using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Tests.EndToEnd;

/// <summary>An agent with a key of its own, that it signs DPoP proofs with (RFC 9449), correct or not.</summary>
internal sealed class ProvingAgent : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Thumbprint
    {
        get
        {
            var jwk = Jwk();
            return Encode(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""")));
        }
    }

    /// <summary>A token of the issuer that is bound to the agent's key.</summary>
    public string BoundToken(WorkloadIssuer issuer) => issuer.TokenWith("cnf", new { jkt = Thumbprint });

    /// <summary>A proof that is right except for what the test changes.</summary>
    public string Proof(string method, Uri target, string token, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var proofHeader = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = Jwk() };
        var proofClaims = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["htm"] = method,
            ["htu"] = target.GetLeftPart(UriPartial.Path),
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["ath"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
        header?.Invoke(proofHeader);
        claims?.Invoke(proofClaims);
        var signed = $"{Encode(Encoding.UTF8.GetBytes(proofHeader.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(proofClaims.ToJsonString()))}";
        return $"{signed}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>A call that a gateway in good order serves.</summary>
    public HttpRequestMessage Request(Uri target, string token, string? proof = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
        request.Headers.TryAddWithoutValidation("DPoP", proof ?? Proof("GET", target, token));
        return request;
    }

    public void Dispose() => _key.Dispose();

    private JsonObject Jwk()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Encode(point.X), ["y"] = Encode(point.Y) };
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
