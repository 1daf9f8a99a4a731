using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Credentials;

/// <summary>Tells equal credentials of one process without telling anything about them.</summary>
internal static class LeaseFingerprint
{
    /// <summary>Never stored: without it a short secret could be found from its hash by trying.</summary>
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>HMAC-SHA-256 over the names and values in ordinal order of the names, each preceded by its length.</summary>
    public static string Of(IReadOnlyDictionary<string, SecretValue> fields)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, ProcessKey);
        foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, value.Reveal());
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
