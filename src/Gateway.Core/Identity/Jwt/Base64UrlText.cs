using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Identity.Jwt;

/// <summary>base64url as JOSE writes it (RFC 7515, section 2): no padding, no white space, and one spelling for each value.</summary>
/// <remarks>
/// The platform's decoder also takes padding, white space and stray low bits in the last character. With those a token could
/// be re-spelled without breaking its signature, and whoever compares tokens by their text would see another token.
/// </remarks>
internal static class Base64UrlText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = IsWellFormed(text) ? Base64Url.DecodeFromChars(text) : null;
        return bytes is not null;
    }

    /// <summary>As the other, into a buffer of the caller's; also false where that is too small.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int length)
    {
        length = 0;
        return IsWellFormed(text) && Base64Url.TryDecodeFromChars(text, destination, out length);
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.Length % 4 != 1 && !text.ContainsAnyExcept(Characters) && !HasStrayBits(text);

    /// <summary>The last character of an incomplete group carries four or two bits that belong to no byte.</summary>
    private static bool HasStrayBits(ReadOnlySpan<char> text)
    {
        var mask = (text.Length % 4) switch
        {
            2 => 0b1111,
            3 => 0b11,
            _ => 0,
        };
        return mask != 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & mask) != 0;
    }
}
