using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Credentials;

/// <summary>A lease's name, or why there is none. The zero value has none.</summary>
internal readonly struct LeaseResult
{
    private LeaseResult(LeaseReference? reference, TimeSpan retryAfter, string? message)
    {
        Reference = reference;
        RetryAfter = retryAfter;
        Message = message;
    }

    public LeaseReference? Reference { get; }

    /// <summary>When to ask again; meaningless while <see cref="Reference"/> is set.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>Why there is no lease, for the operator's log and the call record; no secret, no issuer's words. Not for the agent.</summary>
    public string? Message { get; }

    /// <summary>Whether there is none because the task has ended, so that asking again is of no use.</summary>
    public bool TaskHasEnded { get; private init; }

    [MemberNotNullWhen(true, nameof(Reference))]
    public bool Succeeded => Reference is not null;

    public static LeaseResult Success(LeaseReference reference) => new(reference, default, null);

    public static LeaseResult Unavailable(TimeSpan retryAfter, string message) => new(null, retryAfter, message);

    public static LeaseResult Ended() => new(null, default, "The task has ended.") { TaskHasEnded = true };
}
