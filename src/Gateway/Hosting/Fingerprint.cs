using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Hosting;

/// <summary>Tells whether two pieces of configuration say the same, so that a reload leaves alone what did not change.</summary>
internal static class Fingerprint
{
    /// <returns>64 hexadecimal digits. Options hold references to secrets, never secrets.</returns>
    public static string Of(params ReadOnlySpan<object?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(part, part?.GetType() ?? typeof(object)));
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
