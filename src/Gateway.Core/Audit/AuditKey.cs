using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Audit;

/// <summary>The key that vouches for receipts and checkpoints: ES256 (RFC 7518 §3.4).</summary>
internal sealed class AuditKey : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly ECDsa _key;

    private AuditKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;

        // The members in this order and without white space, as RFC 7638 §3 has it.
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        Id = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    /// <summary>The public key's thumbprint (RFC 7638), base64url.</summary>
    public string Id { get; }

    /// <summary>SubjectPublicKeyInfo in PEM, for whoever verifies.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>A key that nobody has had before, as PKCS #8 in PEM.</summary>
    public static string Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <param name="pem">A private key in PEM, PKCS #8 or SEC 1, not encrypted.</param>
    /// <exception cref="FormatException">It is something else. The message does not quote it.</exception>
    public static AuditKey Parse(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var parameters = key.ExportParameters(includePrivateParameters: true);
            CryptographicOperations.ZeroMemory(parameters.D);
            if (parameters.Curve.Oid.Value == P256)
            {
                return new AuditKey(key);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Falls through: what cannot be read and what is of another kind get the same words.
        }

        key.Dispose();
        throw new FormatException("It is not an unencrypted private key on the curve P-256 in PEM.");
    }

    /// <returns>64 bytes, r and s (RFC 7518 §3.4).</returns>
    public byte[] Sign(ReadOnlySpan<byte> data) => _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>A compact JWS (RFC 7515 §7.1).</summary>
    /// <param name="type">Its <c>typ</c>.</param>
    /// <param name="payload">What it vouches for.</param>
    public string SignCompact(string type, ReadOnlySpan<byte> payload)
    {
        var header = Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{Id}}","typ":"{{type}}"}""");
        var input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{input}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    public void Dispose() => _key.Dispose();
}
