using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.Opa;

/// <summary>Reads answers of OPA's Data API: <c>{"result": …, "decision_id": …, "provenance": …}</c>.</summary>
/// <remarks>
/// The result is a boolean, or an object with <c>allow</c> and optionally <c>policies</c>, <c>advice</c>, <c>credential</c>, <c>scope</c>
/// and <c>lifetime</c>; whatever else a package defines is ignored. What has an effect must be right in every part: a permit with a
/// scope that cannot be understood must not become a permit without one.
/// </remarks>
/// <param name="path">The rule's path: names the policy where the result names none.</param>
internal sealed class OpaAnswerReader(string path)
{
    private const string Undefined = "The rule is undefined for this request, which is a deny; check Policy.Opa.Path if it always is.";

    /// <returns>Null for what is no answer of the Data API, or no result that is understood.</returns>
    public Decision? Read(JsonElement answer)
    {
        var decision = !answer.TryGetProperty("result", out var result) ? new Decision { Errors = [Undefined], Explanation = Undefined }
            : result.ValueKind == JsonValueKind.Object ? ReadObject(result)
            : ReadOutcome(result);
        return decision is null ? null : decision with
        {
            DecisionId = DecisionText.Identifier(answer, "decision_id"),
            PolicyVersion = OpaProvenance.Describe(answer),
        };
    }

    private Decision? ReadOutcome(JsonElement allow) => allow.ValueKind switch
    {
        JsonValueKind.True => new Decision { Outcome = DecisionOutcome.Allow, Policies = [path] },
        JsonValueKind.False => Decision.Denied,
        _ => null,
    };

    private Decision? ReadObject(JsonElement result)
    {
        if (!result.TryGetProperty("allow", out var allow))
        {
            return new Decision { Errors = [Undefined], Explanation = Undefined };
        }

        return ReadOutcome(allow) is { } outcome
            && OpaObligations.TryReadPolicies(result, out var policies)
            && OpaObligations.TryReadText(result, "advice", out var advice)
            && OpaObligations.TryReadCredential(result, out var credential)
            && OpaObligations.TryReadScope(result, out var scope)
            && OpaObligations.TryReadLifetime(result, out var lifetime)
            ? outcome with
            {
                Policies = policies ?? outcome.Policies,
                Advice = outcome.Permitted ? null : advice,
                Credential = outcome.Permitted ? credential : null,
                Scope = outcome.Permitted ? scope : null,
                Lifetime = outcome.Permitted ? lifetime : null,
            }
            : null;
    }
}
