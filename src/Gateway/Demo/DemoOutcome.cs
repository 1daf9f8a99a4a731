using System.Text.Json;

namespace Gateway.Demo;

/// <summary>What became of one call.</summary>
/// <param name="Status">The status that the agent saw.</param>
/// <param name="CallId">The value of <c>Gateway-Call</c>.</param>
/// <param name="Body">What the agent received.</param>
/// <param name="Sighting">What the upstream saw; null where nothing reached it.</param>
/// <param name="Record">The call log's event.</param>
internal sealed record DemoOutcome(int Status, string CallId, string Body, DemoSighting? Sighting, JsonElement Record)
{
    /// <summary>Whether everything went as <paramref name="call"/> expects, and the agent's own headers never reached the upstream.</summary>
    public bool IsAsExpected(DemoCall call) =>
        Status == call.Status
        && (call.Reason is null
            ? Sighting is { } seen && seen.Authorization.StartsWith("Bearer demo_", StringComparison.Ordinal) && !Body.Contains("demo_", StringComparison.Ordinal)
            : Sighting is null && Body.Contains($"\"{call.Reason}\"", StringComparison.Ordinal));
}
