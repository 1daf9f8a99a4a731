using System.Buffers;
using System.Text;
using Gateway.Core.Identity;
using Microsoft.Extensions.Primitives;

namespace Gateway.Identity;

/// <summary>Finds the token that a request identifies itself with.</summary>
/// <remarks>
/// The first carrier present decides, and a failing one is never rescued by the next: otherwise whoever can add a header to an
/// agent's request could choose which identity counts. For the same reason a carrier that holds two values fails.
/// </remarks>
internal static class TokenCarriers
{
    public const string GatewayIdentityHeader = "Gateway-Identity";
    public const string ApiKeyHeader = "X-Api-Key";

    private const string Bearer = "Bearer";
    private const string DPoP = "DPoP";
    private const string Basic = "Basic";

    // What every JSON object that starts with a name looks like in base64url. Truncated tokens have it too, and so have those
    // with alg "none": they are failing identities and not dummy keys.
    private const string TokenStart = "eyJ";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t,;");

    public static PresentedToken Read(IHeaderDictionary headers)
    {
        var proxy = headers.ProxyAuthorization;
        if (proxy.Count > 0)
        {
            return ReadProxyAuthorization(proxy);
        }

        var own = headers[GatewayIdentityHeader];
        if (own.Count > 0)
        {
            return ReadDedicated(own);
        }

        var authorization = ReadAuthorization(headers.Authorization);
        return authorization.IsPresent ? authorization : ReadApiKey(headers[ApiKeyHeader]);
    }

    /// <summary>Meant for us and nobody else, so anything but one token is a mistake that must show.</summary>
    private static PresentedToken ReadProxyAuthorization(StringValues values)
    {
        if (values is [{ } value] && TrySplit(value, out var name, out var token) && SchemeOf(name) is var scheme and not TokenScheme.None)
        {
            return Checked(TokenCarrier.ProxyAuthorization, scheme, token);
        }

        return PresentedToken.Failing(TokenCarrier.ProxyAuthorization, IdentityFailure.Malformed);
    }

    private static PresentedToken ReadDedicated(StringValues values) =>
        values is [{ } value]
            ? Checked(TokenCarrier.GatewayIdentity, TokenScheme.None, value.AsMemory())
            : PresentedToken.Failing(TokenCarrier.GatewayIdentity, IdentityFailure.Malformed);

    private static PresentedToken ReadAuthorization(StringValues values)
    {
        if (values is [{ } value] && TrySplit(value, out var name, out var credentials))
        {
            if (SchemeOf(name) is var scheme and not TokenScheme.None && IsTokenShaped(credentials.Span))
            {
                return PresentedToken.Of(TokenCarrier.Authorization, scheme, credentials);
            }

            if (name.Equals(Basic, StringComparison.OrdinalIgnoreCase) && TryReadPassword(credentials.Span, out var password))
            {
                return PresentedToken.Of(TokenCarrier.Authorization, TokenScheme.None, password.AsMemory());
            }
        }

        return HoldsToken(values) ? PresentedToken.Failing(TokenCarrier.Authorization, IdentityFailure.Malformed) : default;
    }

    private static PresentedToken ReadApiKey(StringValues values)
    {
        if (values is [{ } value] && IsTokenShaped(value))
        {
            return PresentedToken.Of(TokenCarrier.ApiKey, TokenScheme.None, value.AsMemory());
        }

        return HoldsToken(values) ? PresentedToken.Failing(TokenCarrier.ApiKey, IdentityFailure.Malformed) : default;
    }

    private static TokenScheme SchemeOf(ReadOnlySpan<char> name) =>
        name.Equals(Bearer, StringComparison.OrdinalIgnoreCase) ? TokenScheme.Bearer
        : name.Equals(DPoP, StringComparison.OrdinalIgnoreCase) ? TokenScheme.DPoP
        : TokenScheme.None;

    private static PresentedToken Checked(TokenCarrier carrier, TokenScheme scheme, ReadOnlyMemory<char> token) =>
        IsTokenShaped(token.Span) ? PresentedToken.Of(carrier, scheme, token) : PresentedToken.Failing(carrier, IdentityFailure.Malformed);

    private static bool IsTokenShaped(ReadOnlySpan<char> text) =>
        text.StartsWith(TokenStart, StringComparison.Ordinal) && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether a token hides anywhere in values that are not one clean credential: repeated, joined by commas, trailed by something.</summary>
    private static bool HoldsToken(StringValues values)
    {
        foreach (var value in values)
        {
            foreach (var range in value.AsSpan().SplitAny(Separators))
            {
                var part = value.AsSpan(range);
                if (IsTokenShaped(part) || TryReadPassword(part, out _))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>RFC 9110, section 11.4: a scheme, one or more spaces, the credentials.</summary>
    private static bool TrySplit(string value, out ReadOnlySpan<char> scheme, out ReadOnlyMemory<char> credentials)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        scheme = space < 0 ? value : value.AsSpan(0, space);
        credentials = space < 0 ? default : value.AsMemory(space).Trim(' ');
        return space > 0;
    }

    /// <summary>RFC 7617: base64 of "user:password", of which a token as the password counts, whoever the user is.</summary>
    private static bool TryReadPassword(ReadOnlySpan<char> credentials, out string password)
    {
        password = string.Empty;
        var buffer = ArrayPool<byte>.Shared.Rent((credentials.Length / 4 * 3) + 3);
        try
        {
            if (!Convert.TryFromBase64Chars(credentials, buffer, out var length))
            {
                return false;
            }

            var colon = buffer.AsSpan(0, length).IndexOf((byte)':');
            var text = colon < 0 ? string.Empty : Encoding.Latin1.GetString(buffer.AsSpan((colon + 1)..length));
            if (!IsTokenShaped(text))
            {
                return false;
            }

            password = text;
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
