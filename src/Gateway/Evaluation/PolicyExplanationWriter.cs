using System.Text.Json;
using Gateway.Cedar;

namespace Gateway.Evaluation;

/// <summary>Writes an explanation as JSON.</summary>
internal static class PolicyExplanationWriter
{
    /// <param name="writer">Where it goes; an object is written.</param>
    /// <param name="explanation">What is written.</param>
    /// <param name="isEnforced">Whether the gateway acts on the decision, which it does not in the mode Observe.</param>
    public static void Write(Utf8JsonWriter writer, PolicyExplanation explanation, bool isEnforced)
    {
        var (request, decision) = (explanation.Request, explanation.Decision);
        writer.WriteStartObject();
        writer.WriteString("decision", decision.Permitted ? "allow" : "deny");
        writer.WriteBoolean("enforced", isEnforced);
        writer.WriteString("agent", request.Agent.Id);
        writer.WriteString("tool", request.Tool);
        writer.WriteString("operation", request.Operation);
        writer.WriteStartArray("policies");
        foreach (var policy in explanation.Reasons)
        {
            writer.WriteStartObject();
            WritePolicy(writer, policy);
            writer.WriteString("effect", policy.Effect == Effect.Permit ? "permit" : "forbid");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteOptional(writer, "advice", decision.Advice);
        WriteOptional(writer, "credential", decision.Credential);
        WriteOptional(writer, "scope", decision.Scope);
        if (decision.Lifetime is { } lifetime)
        {
            writer.WriteNumber("lifetimeSeconds", (long)lifetime.TotalSeconds);
        }

        WriteErrors(writer, explanation);
        WriteNear(writer, explanation.Near);
        writer.WriteString("policyVersion", decision.PolicyVersion);
        writer.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter writer, PolicyExplanation explanation)
    {
        writer.WriteStartArray("errors");
        foreach (var error in explanation.Errors)
        {
            writer.WriteStartObject();
            WritePolicy(writer, error.Policy);
            writer.WriteString("message", error.Message);
            writer.WriteString("messageAt", error.Position.ToString());
            writer.WriteEndObject();
        }

        foreach (var objection in explanation.Objections)
        {
            writer.WriteStartObject();
            writer.WriteString("message", objection);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNear(Utf8JsonWriter writer, IReadOnlyList<NearPermit> permits)
    {
        writer.WriteStartArray("near");
        foreach (var near in permits)
        {
            writer.WriteStartObject();
            WritePolicy(writer, near.Policy);
            writer.WriteString("failed", near.Failed);
            WriteOptional(writer, "condition", near.Condition);
            WriteOptional(writer, "conditionAt", near.ConditionAt?.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePolicy(Utf8JsonWriter writer, Cedar.Policy policy)
    {
        writer.WriteString("id", policy.Id);
        writer.WriteString("at", policy.Position.ToString());
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
