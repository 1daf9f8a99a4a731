using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Audit.Verification;

/// <summary>The public keys that statements may be signed by, found by their RFC 7638 thumbprint.</summary>
internal sealed class VerificationKeys : IDisposable
{
    private const int MaxFile = 1024 * 1024;
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly Dictionary<string, ECDsa> _keys = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Ids => _keys.Keys;

    public ECDsa? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>Adds every key of a file.</summary>
    /// <param name="path">PEM: one or more public keys on the curve P-256.</param>
    /// <exception cref="FormatException">It holds something else, or nothing.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void AddFile(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: 0 or > MaxFile })
        {
            throw new FormatException("It holds no public key.");
        }

        Add(File.ReadAllText(path));
    }

    /// <inheritdoc cref="AddFile"/>
    public void Add(string pem)
    {
        var rest = pem.AsSpan();
        var count = 0;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            if (label is not "PUBLIC KEY")
            {
                throw new FormatException(label.Contains("PRIVATE", StringComparison.Ordinal)
                    ? "It holds a private key, which nobody who verifies should have; give the public one ('BEGIN PUBLIC KEY')."
                    : $"It holds a '{Printable.Of(label.ToString())}'; give public keys ('BEGIN PUBLIC KEY').");
            }

            AddKey(rest[fields.Location]);
            rest = rest[fields.Location.End..];
            count++;
        }

        if (count == 0)
        {
            throw new FormatException("It holds no public key in PEM ('BEGIN PUBLIC KEY').");
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private void AddKey(ReadOnlySpan<char> pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var parameters = key.ExportParameters(includePrivateParameters: false);
            if (parameters.Curve.Oid.Value == P256)
            {
                if (!_keys.TryAdd(Thumbprint(parameters.Q), key))
                {
                    key.Dispose();
                }

                return;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Falls through: what cannot be read and what is of another kind get the same words.
        }

        key.Dispose();
        throw new FormatException("It holds a key that is not on the curve P-256.");
    }

    /// <summary>The members in this order and without white space, as RFC 7638 §3 has it.</summary>
    private static string Thumbprint(ECPoint point) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(
        $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""")));
}
