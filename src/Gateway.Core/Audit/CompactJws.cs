using System.Buffers.Text;
using System.Text;

namespace Gateway.Core.Audit;

/// <summary>The compact form of a JWS signed by ES256 (RFC 7515 §7.1, RFC 7518 §3.4).</summary>
internal static class CompactJws
{
    /// <summary>What is signed: header and payload, ASCII.</summary>
    /// <param name="keyId">The key's <see cref="AuditPublicKey.Id"/>.</param>
    /// <param name="type">The <c>typ</c>.</param>
    /// <param name="payload">The payload.</param>
    public static string Input(string keyId, string type, ReadOnlySpan<byte> payload)
    {
        var header = Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{keyId}}","typ":"{{type}}"}""");
        return $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
    }

    /// <param name="input">What was signed.</param>
    /// <param name="signature">64 bytes, r and s.</param>
    public static string Join(string input, ReadOnlySpan<byte> signature) => $"{input}.{Base64Url.EncodeToString(signature)}";
}
