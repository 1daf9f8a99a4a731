using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>What Vault gave, read out of its answer.</summary>
internal sealed class VaultIssue
{
    private const int MaximumDepth = 4;

    private VaultIssue(Dictionary<string, SecretValue> fields) => Fields = fields;

    /// <summary>
    /// The members of "data" by name: texts as they are, numbers and truth values as JSON writes them, those of objects behind
    /// the object's name and a dot. Lists have no name and are left out, and so is null.
    /// </summary>
    public IReadOnlyDictionary<string, SecretValue> Fields { get; }

    /// <summary>Null where it came without.</summary>
    public string? LeaseId { get; private init; }

    public bool IsRenewable { get; private init; }

    /// <summary>Null where nobody says.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>Whether revoking the lease ends the credential. Of STS tokens AWS has no way to end one, so Vault's revocation does nothing.</summary>
    public bool IsRevocable { get; private init; }

    /// <summary>Whether Vault merely keeps it (KV): nobody issued it, and nobody ends it.</summary>
    public bool IsStatic { get; private init; }

    /// <param name="answer">A success.</param>
    /// <param name="askedAt">When it was asked for, from which its life is counted.</param>
    /// <returns>Null where nothing can be used.</returns>
    public static VaultIssue? Read(VaultAnswer answer, DateTimeOffset askedAt)
    {
        // KV version 2 has the secret in "data" within "data", beside its metadata.
        var data = answer.Data;
        var isKeyValue = answer.LeaseId is null && VaultAnswer.Child(data, "metadata").ValueKind == JsonValueKind.Object && VaultAnswer.Child(data, "data").ValueKind == JsonValueKind.Object;
        var fields = new Dictionary<string, SecretValue>(StringComparer.Ordinal);
        Collect(fields, "", isKeyValue ? VaultAnswer.Child(data, "data") : data, MaximumDepth);
        if (fields.Count == 0)
        {
            return null;
        }

        var expiresAt = answer.LeaseId is not null ? askedAt + answer.LeaseDuration : EndIn(data, askedAt);
        return new VaultIssue(fields)
        {
            LeaseId = answer.LeaseId,
            IsRenewable = answer.LeaseId is not null && answer.IsRenewable,
            ExpiresAt = expiresAt,
            IsRevocable = answer.LeaseId is not null && !AliasSessionToken(fields),
            IsStatic = isKeyValue || (answer.LeaseId is null && expiresAt is null),
        };
    }

    private static void Collect(Dictionary<string, SecretValue> fields, string prefix, JsonElement data, int depth)
    {
        if (data.ValueKind != JsonValueKind.Object || depth == 0)
        {
            return;
        }

        foreach (var member in data.EnumerateObject())
        {
            var name = prefix + member.Name;
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.String:
                    fields[name] = new SecretValue(member.Value.GetString() ?? "");
                    break;
                case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                    fields[name] = new SecretValue(member.Value.GetRawText());
                    break;
                case JsonValueKind.Object:
                    Collect(fields, $"{name}.", member.Value, depth - 1);
                    break;
            }
        }
    }

    /// <summary>AWS: versions name the session token differently, so that both names are given.</summary>
    /// <returns>Whether it is an STS token, which has one; an IAM user's key has none.</returns>
    private static bool AliasSessionToken(Dictionary<string, SecretValue> fields)
    {
        const string old = "security_token";
        const string current = "session_token";
        var token = new[] { current, old }.Select(fields.GetValueOrDefault).FirstOrDefault(t => t?.Reveal().Length > 0);
        if (token is null || !fields.ContainsKey("access_key"))
        {
            return false;
        }

        fields[old] = fields[current] = token;
        return true;
    }

    /// <summary>When something without a lease ends: Google's access tokens and certificates say so in "data".</summary>
    private static DateTimeOffset? EndIn(JsonElement data, DateTimeOffset askedAt)
    {
        foreach (var name in (string[])["expires_at_seconds", "expiration"])
        {
            if (VaultAnswer.Child(data, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var seconds) && seconds is > 0 and < 32_503_680_000)
            {
                return DateTimeOffset.FromUnixTimeSeconds(seconds);
            }
        }

        return askedAt + VaultAnswer.Seconds(data, "token_ttl");
    }
}
