using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Sidecar;

/// <summary>The key of this process, and proofs made with it (RFC 9449). It is made at start, and never leaves memory.</summary>
internal sealed class ProofKey : IDisposable
{
    private const int IdBytes = 16;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lock _signing = new();
    private readonly string _header;

    public ProofKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        _header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
            $$$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"{{{x}}}","y":"{{{y}}}"}}"""));

        // RFC 7638, section 3: the required members in the order of their names.
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
    }

    /// <summary>What a token that is bound to the key says in <c>cnf.jkt</c>.</summary>
    public string Thumbprint { get; }

    /// <param name="method">Of the request.</param>
    /// <param name="address">Of the request, without query and fragment.</param>
    /// <param name="token">The token that goes with it; null at a token endpoint.</param>
    /// <param name="nonce">What the server asked for; null where it did not.</param>
    /// <param name="now">The time.</param>
    public string Prove(string method, string address, string? token, string? nonce, DateTimeOffset now)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes)));
            json.WriteString("htm", method);
            json.WriteString("htu", address);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            if (token is not null)
            {
                json.WriteString("ath", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))));
            }

            if (nonce is not null)
            {
                json.WriteString("nonce", nonce);
            }

            json.WriteEndObject();
        }

        var text = $"{_header}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
        return $"{text}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public void Dispose() => _key.Dispose();

    private byte[] Sign(byte[] data)
    {
        // The platform does not promise that one key object may sign on two threads.
        lock (_signing)
        {
            return _key.SignData(data, HashAlgorithmName.SHA256);
        }
    }
}
