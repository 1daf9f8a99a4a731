using System.Net;

namespace Gateway.Core.Audit;

/// <summary>Something that somebody should look at. Holds no secret, no token.</summary>
internal sealed class AlertEvent : AuditRecord
{
    /// <summary>A UUIDv7.</summary>
    public required string Id { get; init; }

    public override string Uid => Id;

    public required DateTimeOffset At { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>The verified agent; null where there is none.</summary>
    public string? Agent { get; init; }

    /// <summary>Who an unverified token claimed to be; only where <see cref="Agent"/> is null.</summary>
    public string? ClaimedAgent { get; init; }

    public string? Tool { get; init; }

    public string? Operation { get; init; }

    public string? Credential { get; init; }

    public string? Lease { get; init; }

    public string? Task { get; init; }

    /// <summary>The record that it was raised for: of a call, a task, a lease; null where there is none.</summary>
    public string? Cause { get; init; }

    public IPAddress? SourceIp { get; init; }

    /// <summary>One sentence on this case.</summary>
    public string? Detail { get; init; }

    /// <summary>How many alerts of this kind, agent and tool were held back since the last one.</summary>
    public long Suppressed { get; init; }
}
