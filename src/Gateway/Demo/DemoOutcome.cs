using System.Text.Json;

namespace Gateway.Demo;

/// <summary>What became of one call.</summary>
internal sealed record DemoOutcome
{
    /// <summary>The agent's headers as they may be shown.</summary>
    public required IReadOnlyList<string> Sent { get; init; }

    /// <summary>The status that the agent saw.</summary>
    public required int Status { get; init; }

    /// <summary>The value of <c>Gateway-Call</c>.</summary>
    public required string CallId { get; init; }

    /// <summary>What the agent received.</summary>
    public required string Body { get; init; }

    /// <summary>What the upstream saw; null where nothing reached it.</summary>
    public required DemoSighting? Sighting { get; init; }

    /// <summary>The call log's event.</summary>
    public required JsonElement Record { get; init; }

    /// <summary>Whether everything went as <paramref name="call"/> expects, and the agent's own headers never reached the upstream.</summary>
    public bool IsAsExpected(DemoCall call) =>
        Status == call.Status
        && (call.Reason is null
            ? Sighting is { } seen && seen.Authorization.StartsWith("Bearer demo_", StringComparison.Ordinal) && !Body.Contains("demo_", StringComparison.Ordinal)
            : Sighting is null && Body.Contains($"\"{call.Reason}\"", StringComparison.Ordinal));
}
