using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Audit;

/// <summary>The public half of an audit key: ES256 (RFC 7518 §3.4).</summary>
internal sealed class AuditPublicKey : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly ECDsa _key;

    private AuditPublicKey(ECDsa key, ECPoint point)
    {
        _key = key;
        Id = IdOf(point);
        Pem = PemOf(key);
    }

    /// <summary>Its thumbprint (RFC 7638), base64url.</summary>
    public string Id { get; }

    /// <summary>SubjectPublicKeyInfo in PEM, for whoever verifies.</summary>
    public string Pem { get; }

    /// <param name="pem">SubjectPublicKeyInfo in PEM.</param>
    /// <exception cref="FormatException">It is something else. The message does not quote it.</exception>
    public static AuditPublicKey Parse(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var parameters = key.ExportParameters(includePrivateParameters: false);
            if (IsP256(parameters))
            {
                return new AuditPublicKey(key, parameters.Q);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Falls through: what cannot be read and what is of another kind get the same words.
        }

        key.Dispose();
        throw new FormatException("It is not a public key on the curve P-256 in PEM.");
    }

    public static bool IsP256(ECParameters parameters) => parameters.Curve.Oid.Value == P256;

    /// <summary>The thumbprint of the key that a point is: its members in this order and without white space, as RFC 7638 §3 has it.</summary>
    public static string IdOf(ECPoint point)
    {
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    public static string PemOf(ECDsa key) => key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <param name="data">What was signed.</param>
    /// <param name="signature">r and s, 64 bytes; anything else is wrong.</param>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose() => _key.Dispose();
}
