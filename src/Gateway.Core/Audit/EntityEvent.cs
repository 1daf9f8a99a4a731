using System.Net;

namespace Gateway.Core.Audit;

/// <summary>Something that happened to what the gateway looks after: a credential, a task, a policy. Holds no secret, no token.</summary>
internal sealed class EntityEvent : AuditRecord
{
    /// <summary>OCSF's entity type of a policy; whatever it has no type for is <see cref="OtherTypeId"/>.</summary>
    public const int PolicyTypeId = 5;

    public const int OtherTypeId = 99;

    /// <summary>The <see cref="Type"/> of a task.</summary>
    public const string TaskType = "Agent Task";

    /// <summary>The <see cref="Type"/> of policies.</summary>
    public const string PolicyType = "Policy";

    /// <summary>The <see cref="Type"/> of a lease.</summary>
    public const string LeaseType = "Ephemeral Credential";

    /// <summary>A UUIDv7.</summary>
    public required string Id { get; init; }

    public override string Uid => Id;

    public required DateTimeOffset At { get; init; }

    public required EntityActivity Activity { get; init; }

    public int TypeId { get; init; } = OtherTypeId;

    /// <summary>"Ephemeral Credential", "Agent Task", "Policy".</summary>
    public required string Type { get; init; }

    /// <summary>The entity's id: of the lease, the task, the policy.</summary>
    public required string Entity { get; init; }

    public string? Name { get; init; }

    public string? Version { get; init; }

    /// <summary>What is particular to this type: texts, numbers, flags, times, lists of texts. Names are the gateway's own.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Data { get; init; } = [];

    /// <summary>What it was; null where it was not changed, or is only said to have been.</summary>
    public EntityState? Before { get; init; }

    public bool Succeeded { get; init; } = true;

    /// <summary>1 Informational, 2 Low, 3 Medium, 4 High.</summary>
    public int Severity { get; init; } = 1;

    /// <summary>One word or sentence: "confirmed", "completed".</summary>
    public string? StatusDetail { get; init; }

    public string? Message { get; init; }

    /// <summary>Who caused it: an agent's or a person's id; null for the gateway itself.</summary>
    public string? Actor { get; init; }

    /// <summary>The task that it belongs to; null where there is none.</summary>
    public string? Task { get; init; }

    /// <summary>The call that caused it; null where none did.</summary>
    public string? Call { get; init; }

    /// <summary>Where who caused it called from; null where nobody did.</summary>
    public IPAddress? SourceIp { get; init; }
}
