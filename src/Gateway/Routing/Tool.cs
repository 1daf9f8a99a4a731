
namespace Gateway.Routing;

/// <summary>A downstream API as one configuration describes it; immutable, swapped whole on reload.</summary>
internal sealed class Tool
{
    public required string Name { get; init; }

    /// <summary>The prefix under which agents reach it, without a closing slash: "/github".</summary>
    public required string Path { get; init; }

    /// <summary>Name of the credential that its calls get unless a policy names another.</summary>
    public required string Credential { get; init; }

    public required OperationMatcher Operations { get; init; }

    /// <summary>Whether a request that matches no operation is refused.</summary>
    public bool OnlyOperations { get; init; }

    /// <summary>Whether a call without a task is refused.</summary>
    public bool RequiresTask { get; init; }

    /// <summary>Whether its upstream is told which trace a call belongs to.</summary>
    public bool PropagatesTrace { get; init; }

    /// <summary>"key:value", sorted.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether no agent has a reason to call it.</summary>
    public bool IsCanary { get; init; }

    /// <summary>What of its requests the log holds beyond what it holds of all; null for nothing.</summary>
    public LoggedFields? Logged { get; init; }

    /// <summary>YARP's endpoint for its destinations: entered directly, so that a request is routed once.</summary>
    public required Endpoint Proxy { get; init; }
}
