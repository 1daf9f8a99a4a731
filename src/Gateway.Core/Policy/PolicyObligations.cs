using System.Globalization;

namespace Gateway.Core.Policy;

/// <summary>What a policy's annotations ask of the gateway beyond permit or forbid.</summary>
/// <remarks>
/// <c>@credential("name")</c>, <c>@scope("…")</c> and <c>@lifetime("300s")</c> of the permits that determined an allow;
/// <c>@advice("…")</c> and <c>@onDeny("…")</c> of the forbids that determined a deny.
/// </remarks>
internal static class PolicyObligations
{
    private const string Credential = "credential";
    private const string Scope = "scope";
    private const string Lifetime = "lifetime";
    private const string Advice = "advice";
    private const string OnDeny = "onDeny";

    private static readonly Dictionary<string, DenyAction> DenyActions = new(StringComparer.Ordinal)
    {
        ["end-task"] = DenyAction.EndTask,
        ["suspend-agent"] = DenyAction.SuspendAgent,
    };

    /// <summary>What is wrong with a policy's annotations, so that it is found at load.</summary>
    public static IEnumerable<string> Check(Cedar.Policy policy)
    {
        if (policy.Annotations.TryGetValue(Lifetime, out var lifetime) && !TryParseLifetime(lifetime, out _))
        {
            yield return $"@lifetime(\"{lifetime}\") is not a duration; write seconds, minutes or hours such as \"300s\", \"5m\", \"1h\".";
        }

        if (policy.Effect == Cedar.Effect.Forbid && (policy.Annotations.ContainsKey(Credential) || policy.Annotations.ContainsKey(Scope) || policy.Annotations.ContainsKey(Lifetime)))
        {
            yield return "@credential, @scope and @lifetime are for permits; a forbid issues nothing.";
        }

        if (policy.Annotations.TryGetValue(OnDeny, out var onDeny) && (policy.Effect != Cedar.Effect.Forbid || !DenyActions.ContainsKey(onDeny)))
        {
            yield return "@onDeny is for forbids, and takes \"end-task\" or \"suspend-agent\".";
        }
    }

    /// <summary>Adds the obligations of the policies that determined a decision.</summary>
    /// <returns>
    /// The decision, or a deny where two permits ask for different credentials or scopes: which of them is meant is for the
    /// policies' author to say.
    /// </returns>
    public static Decision Apply(Decision decision, IReadOnlyList<Cedar.Policy> reasons)
    {
        if (!decision.Permitted)
        {
            var advice = string.Join(" ", Values(reasons, Advice));
            return decision with { Advice = advice.Length == 0 ? null : advice, OnDeny = Harshest(Values(reasons, OnDeny)) };
        }

        var credentials = Values(reasons, Credential);
        var scopes = Values(reasons, Scope);
        if (credentials.Count > 1 || scopes.Count > 1)
        {
            return decision with
            {
                Outcome = DecisionOutcome.Deny,
                Errors = [.. decision.Errors, $"The permits {string.Join(", ", decision.Policies)} ask for different credentials or scopes."],
            };
        }

        return decision with
        {
            Credential = credentials.Count == 0 ? null : credentials[0],
            Scope = scopes.Count == 0 ? null : scopes[0],
            Lifetime = ShortestLifetime(reasons),
        };
    }

    /// <summary>Whether a policy has anything to say here, so that the usual one costs nothing.</summary>
    public static bool HasAny(IReadOnlyList<Cedar.Policy> reasons)
    {
        for (var i = 0; i < reasons.Count; i++)
        {
            var annotations = reasons[i].Annotations;
            if (annotations.Count > 1 || (annotations.Count == 1 && !annotations.ContainsKey("id")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads seconds, minutes or hours such as "300s", "5m", "1h".</summary>
    public static bool TryParseLifetime(string text, out TimeSpan lifetime)
    {
        lifetime = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > 86_400)
        {
            return false;
        }

        lifetime = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            _ => default,
        };
        return lifetime > TimeSpan.Zero;
    }

    private static List<string> Values(IReadOnlyList<Cedar.Policy> reasons, string annotation)
    {
        var values = new List<string>();
        foreach (var policy in reasons)
        {
            if (policy.Annotations.TryGetValue(annotation, out var value) && !values.Contains(value))
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static DenyAction Harshest(List<string> names) => names.Select(n => DenyActions.GetValueOrDefault(n)).DefaultIfEmpty().Max();

    private static TimeSpan? ShortestLifetime(IReadOnlyList<Cedar.Policy> reasons)
    {
        TimeSpan? shortest = null;
        foreach (var value in Values(reasons, Lifetime))
        {
            if (TryParseLifetime(value, out var lifetime) && (shortest is null || lifetime < shortest))
            {
                shortest = lifetime;
            }
        }

        return shortest;
    }
}
