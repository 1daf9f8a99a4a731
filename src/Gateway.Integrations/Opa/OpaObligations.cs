using System.Buffers;
using System.Text.Json;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Policy;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.Opa;

/// <summary>Reads the optional members of a result. Each is false where its member is there and cannot be understood.</summary>
internal static class OpaObligations
{
    private const int MaximumPolicies = 64;
    private const int MaximumName = 64;
    private const int MaximumScope = 1024;
    private const int MaximumLifetimeSeconds = 86_400;

    /// <summary>RFC 6749 §3.3: <c>scope-token</c>s with spaces between them.</summary>
    private static readonly SearchValues<char> ScopeCharacters = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    public static bool TryReadPolicies(JsonElement result, out IReadOnlyList<string>? policies)
    {
        policies = null;
        if (!TryFind(result, "policies", out var list))
        {
            return true;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaximumPolicies || list.EnumerateArray().Any(p => p.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        policies = [.. list.EnumerateArray().Select(p => DecisionText.Identifier(p.GetString() ?? ""))];
        return true;
    }

    public static bool TryReadText(JsonElement result, string name, out string? text)
    {
        text = null;
        if (!TryFind(result, name, out var value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String && DecisionText.Sentence(value.GetString() ?? "") is { Length: > 0 } sentence ? sentence : null;
        return value.ValueKind == JsonValueKind.String;
    }

    public static bool TryReadCredential(JsonElement result, out string? credential)
    {
        credential = null;
        if (!TryFind(result, "credential", out var value))
        {
            return true;
        }

        credential = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return credential is { Length: > 0 and <= MaximumName } && SafeText.IsPlain(credential);
    }

    public static bool TryReadScope(JsonElement result, out string? scope)
    {
        scope = null;
        if (!TryFind(result, "scope", out var value))
        {
            return true;
        }

        scope = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return scope is { Length: > 0 and <= MaximumScope } && !scope.AsSpan().ContainsAnyExcept(ScopeCharacters) && scope.Trim(' ') == scope;
    }

    /// <summary>"300s", "5m", "1h", or a whole number of seconds; up to a day.</summary>
    public static bool TryReadLifetime(JsonElement result, out TimeSpan? lifetime)
    {
        lifetime = null;
        if (!TryFind(result, "lifetime", out var value))
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds is > 0 and <= MaximumLifetimeSeconds)
        {
            lifetime = TimeSpan.FromSeconds(seconds);
        }
        else if (value.ValueKind == JsonValueKind.String && PolicyObligations.TryParseLifetime(value.GetString() ?? "", out var parsed))
        {
            lifetime = parsed;
        }

        return lifetime is not null;
    }

    /// <summary>A member that is null counts as absent: that is how Rego's object construction leaves one out.</summary>
    private static bool TryFind(JsonElement result, string name, out JsonElement value) =>
        result.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
