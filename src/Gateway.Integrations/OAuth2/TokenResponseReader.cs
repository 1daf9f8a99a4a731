using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.OAuth2;

/// <summary>Reads the answers of token endpoints. Says what is wrong with one without repeating any of it.</summary>
internal static class TokenResponseReader
{
    /// <summary>RFC 6750 §2.1, <c>b64token</c>, whose "=" may only end it.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>RFC 6749 §5.2; for the parameter <c>resource</c>, RFC 8707 §2; for revocations, RFC 7009 §2.2.1.</summary>
    private static readonly FrozenSet<string> ErrorCodes = new[]
    {
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_target", "unsupported_token_type",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What lives longer is no short-lived credential, and a number beyond it is more likely a mistake of units.</summary>
    private static readonly TimeSpan MaximumLife = TimeSpan.FromDays(366);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <param name="body">The body of a 200.</param>
    /// <param name="problem">What is wrong with it, to follow "answered"; null where nothing is.</param>
    public static TokenResponse? Read(ReadOnlyMemory<byte> body, out string? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return Read(document.RootElement, out problem);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair or broken UTF-8. The parser's message may quote the text.
            problem = "with something that is not JSON";
            return null;
        }
    }

    /// <summary>The <c>error</c> of a refusal, if it is one of the registered codes and so cannot carry anything else.</summary>
    public static string? ReadError(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return Text(document.RootElement, "error") is { } error && ErrorCodes.TryGetValue(error, out var code) ? code : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static TokenResponse? Read(JsonElement root, out string? problem)
    {
        var token = Text(root, "access_token");
        TimeSpan? life = null;
        problem =
            root.ValueKind != JsonValueKind.Object ? "with JSON that is not an object"
            : string.IsNullOrEmpty(token) ? "without an access_token"
            : !IsBearerToken(token) ? "with an access_token that has characters no bearer token may have"
            : !"Bearer".Equals(Text(root, "token_type"), StringComparison.OrdinalIgnoreCase) ? "with a token_type other than Bearer"
            : !TryReadLife(root, out life) ? "with an expires_in that is not a sensible number of seconds"
            : null;
        return problem is null && token is not null ? new TokenResponse(new SecretValue(token), life) : null;
    }

    private static bool IsBearerToken(string token)
    {
        var body = token.AsSpan().TrimEnd('=');
        return !body.IsEmpty && !body.ContainsAnyExcept(TokenCharacters);
    }

    private static bool TryReadLife(JsonElement root, out TimeSpan? life)
    {
        life = null;
        if (!root.TryGetProperty("expires_in", out var property) || property.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        var seconds = 0.0;
        var read = property.ValueKind switch
        {
            JsonValueKind.Number => property.TryGetDouble(out seconds),
            JsonValueKind.String => double.TryParse(property.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds),
            _ => false,
        };
        if (!read || !(seconds >= 1) || seconds > MaximumLife.TotalSeconds)
        {
            return false;
        }

        life = TimeSpan.FromSeconds(Math.Floor(seconds));
        return true;
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var property) && property.ValueKind == JsonValueKind.String
            ? property.GetString()
            : null;
}
