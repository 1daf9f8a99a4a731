using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Audit;

/// <summary>The audit key where this process holds it: ES256 (RFC 7518 §3.4).</summary>
internal sealed class AuditKey : IAuditSigner, IDisposable
{
    private readonly ECDsa _key;

    private AuditKey(ECDsa key, ECPoint point)
    {
        _key = key;
        Id = AuditPublicKey.IdOf(point);
        PublicPem = AuditPublicKey.PemOf(key);
        PublicKeys = [PublicPem];
    }

    /// <summary>The public key's thumbprint (RFC 7638), base64url.</summary>
    public string Id { get; }

    /// <summary>SubjectPublicKeyInfo in PEM, for whoever verifies.</summary>
    public string PublicPem { get; }

    public IReadOnlyList<string> PublicKeys { get; }

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
            if (AuditPublicKey.IsP256(parameters))
            {
                return new AuditKey(key, parameters.Q);
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

    public string SignCompact(string type, ReadOnlySpan<byte> payload)
    {
        var input = CompactJws.Input(Id, type, payload);
        return CompactJws.Join(input, Sign(Encoding.ASCII.GetBytes(input)));
    }

    /// <summary>Completes at once.</summary>
    public ValueTask<string> SignCompactAsync(string type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => new(SignCompact(type, payload.Span));

    public void Dispose() => _key.Dispose();
}
