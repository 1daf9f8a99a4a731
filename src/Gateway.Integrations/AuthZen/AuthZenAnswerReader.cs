using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.AuthZen;

/// <summary>Reads answers of the Access Evaluation API: <c>{"decision": true, "context": {…}}</c>.</summary>
/// <remarks>
/// Only <c>decision</c> has an effect. What <c>context</c> holds is the server's choice, so that a member of another shape than
/// the specification's examples is left out instead of refused.
/// </remarks>
internal static class AuthZenAnswerReader
{
    /// <returns>Null for what is no answer of the API.</returns>
    public static Decision? Read(JsonElement answer)
    {
        if (!answer.TryGetProperty("decision", out var decision) || decision.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return null;
        }

        var allowed = decision.ValueKind == JsonValueKind.True;
        var outcome = new Decision { Outcome = allowed ? DecisionOutcome.Allow : DecisionOutcome.Deny };
        return answer.TryGetProperty("context", out var context) && context.ValueKind == JsonValueKind.Object
            ? outcome with
            {
                DecisionId = DecisionText.Identifier(context, "id"),
                Explanation = Reason(context, "reason_admin") ?? Reason(context, "reason"),
                Advice = allowed ? null : Reason(context, "reason_user"),
            }
            : outcome;
    }

    /// <summary>A text, or an object of texts by language or status: the one that is English, else the first.</summary>
    private static string? Reason(JsonElement context, string name)
    {
        if (!context.TryGetProperty(name, out var reason))
        {
            return null;
        }

        var text = reason.ValueKind switch
        {
            JsonValueKind.String => reason.GetString(),
            JsonValueKind.Object => reason.EnumerateObject()
                .Where(r => r.Value.ValueKind == JsonValueKind.String)
                .OrderByDescending(r => r.Name.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                .Select(r => r.Value.GetString())
                .FirstOrDefault(),
            _ => null,
        };
        return text is null || DecisionText.Sentence(text) is not { Length: > 0 } sentence ? null : sentence;
    }
}
