using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Core.Identity.Dpop;

/// <summary>The claims of a DPoP proof (RFC 9449, section 4.2) as text, in a buffer of the caller's.</summary>
internal ref struct ProofClaims
{
    // 9999-12-31T23:59:59Z, the last second that a DateTimeOffset holds.
    private const long MaxSeconds = 253_402_300_799;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 16 };

    private Names _seen;

    [Flags]
    private enum Names
    {
        None = 0,
        Id = 1,
        Method = 2,
        Target = 4,
        IssuedAt = 8,
        TokenHash = 16,
        Nonce = 32,
        Required = Id | Method | Target | IssuedAt,
    }

    /// <summary><c>jti</c>, not empty.</summary>
    public ReadOnlySpan<byte> Id { get; private set; }

    /// <summary><c>htm</c>.</summary>
    public ReadOnlySpan<byte> Method { get; private set; }

    /// <summary><c>htu</c>.</summary>
    public ReadOnlySpan<byte> Target { get; private set; }

    /// <summary><c>iat</c>, whole seconds since 1970.</summary>
    public long IssuedAt { get; private set; }

    /// <summary><c>ath</c>; empty where it is missing.</summary>
    public ReadOnlySpan<byte> TokenHash { get; private set; }

    /// <summary><c>nonce</c>; empty where it is missing.</summary>
    public ReadOnlySpan<byte> Nonce { get; private set; }

    /// <summary>Reads the claims; false where one is missing, of the wrong type, or there twice. Others may say what they like.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="texts">Where the texts go; as long as the payload.</param>
    /// <param name="claims">Points into <paramref name="texts"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, Span<byte> texts, out ProofClaims claims)
    {
        claims = default;
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            var read = default(ProofClaims);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!read.TryTake(ref reader, ref texts))
                {
                    return false;
                }
            }

            // To its end, since the reader looks at what follows only when it is asked for it.
            claims = read;
            return !reader.Read() && (read._seen & Names.Required) == Names.Required && read.Id.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // How the reader reports an escaped surrogate without its other half.
            return false;
        }
    }

    private bool TryTake(ref Utf8JsonReader reader, ref Span<byte> texts)
    {
        var name = NameOf(ref reader);
        reader.Read();
        if (name == Names.None)
        {
            reader.Skip();
            return true;
        }

        if ((_seen & name) != Names.None)
        {
            return false;
        }

        _seen |= name;
        if (name == Names.IssuedAt)
        {
            return TryTakeTime(ref reader);
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        ReadOnlySpan<byte> text = texts[..reader.CopyString(texts)];
        texts = texts[text.Length..];
        switch (name)
        {
            case Names.Id:
                Id = text;
                break;
            case Names.Method:
                Method = text;
                break;
            case Names.Target:
                Target = text;
                break;
            case Names.TokenHash:
                TokenHash = text;
                break;
            case Names.Nonce:
                Nonce = text;
                break;
        }

        return true;
    }

    /// <summary>RFC 7519, section 2: a NumericDate may have a fraction.</summary>
    private bool TryTakeTime(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var seconds) || seconds is < 0 or > MaxSeconds)
        {
            return false;
        }

        IssuedAt = (long)seconds;
        return true;
    }

    private static Names NameOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("jti"u8) ? Names.Id
        : reader.ValueTextEquals("htm"u8) ? Names.Method
        : reader.ValueTextEquals("htu"u8) ? Names.Target
        : reader.ValueTextEquals("iat"u8) ? Names.IssuedAt
        : reader.ValueTextEquals("ath"u8) ? Names.TokenHash
        : reader.ValueTextEquals("nonce"u8) ? Names.Nonce
        : Names.None;
}
