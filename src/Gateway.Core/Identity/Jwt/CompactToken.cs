using System.Text;
using System.Text.Json;

namespace Gateway.Core.Identity.Jwt;

/// <summary>A JWS in compact serialisation (RFC 7515, section 7.1), taken apart; nothing in it is verified.</summary>
internal sealed class CompactToken
{
    /// <summary>Characters. Kestrel takes 32 KiB of headers; a token of more than half of that is an attack or a mistake.</summary>
    public const int MaxLength = 16 * 1024;

    private CompactToken()
    {
    }

    public required ReadOnlyMemory<char> Text { get; init; }

    public required JsonElement Header { get; init; }

    public required JsonElement Payload { get; init; }

    /// <summary>Empty where the third part is, as in a token with <c>alg</c> "none".</summary>
    public required byte[] Signature { get; init; }

    /// <summary>What was signed: the first two parts as sent.</summary>
    public byte[] GetSigningInput()
    {
        var input = Text.Span[..Text.Span.LastIndexOf('.')];
        var bytes = new byte[input.Length];
        Encoding.ASCII.GetBytes(input, bytes);
        return bytes;
    }

    /// <summary>Takes a token apart; null where it is not three parts of base64url with a JSON object in each of the first two.</summary>
    public static CompactToken? TryParse(ReadOnlyMemory<char> text)
    {
        var span = text.Span;
        if (span.Length > MaxLength)
        {
            return null;
        }

        return CompactParts.TrySplit(span, out var parts)
            && Base64UrlText.TryDecode(parts.Header, out var header)
            && Base64UrlText.TryDecode(parts.Payload, out var payload)
            && Base64UrlText.TryDecode(parts.Signature, out var signature)
            && StrictJson.TryParseObject(header, out var headerObject)
            && StrictJson.TryParseObject(payload, out var payloadObject)
                ? new CompactToken { Text = text, Header = headerObject, Payload = payloadObject, Signature = signature }
                : null;
    }
}
