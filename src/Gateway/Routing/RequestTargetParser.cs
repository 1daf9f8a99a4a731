using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Routing;

/// <summary>Reads the raw request target, and refuses every one that two readers could take for different resources.</summary>
/// <remarks>
/// Kestrel decodes and normalises the path that it offers, and each upstream does so in its own way. What policy sees
/// must be what the upstream acts on, so only targets on which all agree pass (RFC 3986 §3.3, §6.2.2), and these pass
/// byte for byte.
/// </remarks>
internal static class RequestTargetParser
{
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@%/");

    // Wider than RFC 3986 §3.4: brackets, braces and bars are sent unescaped by many clients and mean the same to all.
    private static readonly SearchValues<char> QueryCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@%/?[]{}|^`\"<>\\");

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="rawTarget">The request line's target.</param>
    /// <param name="target">Path and query as sent.</param>
    /// <param name="error">What is ambiguous, in a sentence that may be shown to the agent.</param>
    public static bool TryParse(string rawTarget, out RequestTarget target, [NotNullWhen(false)] out string? error)
    {
        target = default;
        if (rawTarget.Length == 0 || rawTarget[0] != '/')
        {
            error = "The request target must be a path (origin-form, RFC 9112 section 3.2.1).";
            return false;
        }

        var questionMark = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var path = questionMark < 0 ? rawTarget : rawTarget[..questionMark];
        var query = questionMark < 0 ? "" : rawTarget[questionMark..];
        if (path.AsSpan().ContainsAnyExcept(PathCharacters))
        {
            error = "The path holds a character that must be percent-encoded (a backslash, '#', a space, a control character or one outside ASCII).";
            return false;
        }

        if (query.AsSpan().ContainsAnyExcept(QueryCharacters))
        {
            error = "The query holds a character that must be percent-encoded ('#', a space, a control character or one outside ASCII).";
            return false;
        }

        if (!AreSegmentsUnambiguous(path, out error))
        {
            return false;
        }

        target = new RequestTarget(path, query);
        return true;
    }

    /// <summary>Decodes the percent-encodings of a path that <see cref="TryParse"/> accepted, once.</summary>
    public static string Decode(string path) =>
        path.Contains('%', StringComparison.Ordinal) && TryDecode(path, out var decoded) ? decoded : path;

    private static bool AreSegmentsUnambiguous(string path, [NotNullWhen(false)] out string? error)
    {
        var start = 1;
        while (start <= path.Length)
        {
            var slash = path.IndexOf('/', start);
            var end = slash < 0 ? path.Length : slash;
            if (end == start && end != path.Length)
            {
                error = "The path holds an empty segment ('//').";
                return false;
            }

            if (!IsSegmentUnambiguous(path.AsSpan(start, end - start), out error))
            {
                return false;
            }

            start = end + 1;
        }

        error = null;
        return true;
    }

    private static bool IsSegmentUnambiguous(ReadOnlySpan<char> segment, [NotNullWhen(false)] out string? error)
    {
        var decoded = segment;
        if (segment.Contains('%'))
        {
            if (!TryDecode(segment, out var text))
            {
                error = "The path holds a percent-encoding that is incomplete or not UTF-8.";
                return false;
            }

            if (text.AsSpan().ContainsAny('/', '\\'))
            {
                error = "The path holds an encoded slash or backslash, which some servers take for a separator.";
                return false;
            }

            if (HoldsControlCharacter(text))
            {
                error = "The path holds an encoded control character.";
                return false;
            }

            if (IsEncodedTwice(text))
            {
                error = "The path holds a character that is percent-encoded twice.";
                return false;
            }

            decoded = text;
        }

        // "..;x" is ".." to servers that strip path parameters before they resolve dot segments, and ".. " to those that take
        // segments for the names of Windows' files.
        var parameters = decoded.IndexOf(';');
        var name = parameters < 0 ? decoded : decoded[..parameters];
        if (name.TrimEnd(' ') is "." or "..")
        {
            error = "The path holds a dot segment.";
            return false;
        }

        error = null;
        return true;
    }

    private static bool HoldsControlCharacter(string text)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether there is something left to decode, which a server that decodes twice would take for another path.</summary>
    private static bool IsEncodedTwice(string decoded)
    {
        for (var i = decoded.IndexOf('%', StringComparison.Ordinal); i >= 0; i = decoded.IndexOf('%', i + 1))
        {
            if (i + 2 < decoded.Length && char.IsAsciiHexDigit(decoded[i + 1]) && char.IsAsciiHexDigit(decoded[i + 2]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out string decoded)
    {
        decoded = "";
        var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var length = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] != '%')
                {
                    buffer[length++] = (byte)text[i];
                    continue;
                }

                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    return false;
                }

                buffer[length++] = (byte)((HexValue(text[i + 1]) << 4) | HexValue(text[i + 2]));
                i += 2;
            }

            decoded = StrictUtf8.GetString(buffer, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
