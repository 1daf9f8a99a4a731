using System.Collections.ObjectModel;

namespace Gateway.Configuration;

/// <summary>A downstream API that agents may reach.</summary>
internal sealed record ToolOptions
{
    /// <summary>Prefix of the tool's paths on the agent listeners. The longest prefix wins; it is removed before forwarding.</summary>
    [Expects("a path prefix such as \"/github\"")]
    public required string Path { get; init; }

    /// <summary>Short for one entry of <see cref="Destinations"/>. Null exactly where <see cref="Destinations"/> is not.</summary>
    [Expects("the API's base URL such as \"https://api.example.com\"")]
    public string? Upstream { get; init; }

    /// <summary>The servers of the API, by a name of one's choice. Null exactly where <see cref="Upstream"/> is not.</summary>
    [Expects("servers such as { \"a\": { \"Address\": \"https://a.example.com\" } }")]
    public IReadOnlyDictionary<string, DestinationOptions>? Destinations { get; init; }

    /// <summary>Name of the credential in <see cref="GatewayOptions.Credentials"/> that is injected.</summary>
    [Expects("the name of an entry of Gateway:Credentials")]
    public required string Credential { get; init; }

    /// <summary>Parents of the tool in policy: <c>ToolGroup::"…"</c>. Default: none.</summary>
    [Expects("names of groups such as [\"scm\"]")]
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary><c>resource.labels</c> in policy. Default: none.</summary>
    [Expects("labels such as { \"sensitivity\": \"internal\" }")]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Names for what policy wants to tell apart: <c>METHOD /path/{parameter}</c> by operation name. The path starts behind
    /// <see cref="Path"/>. Default: none.
    /// </summary>
    [Expects("operations such as { \"issues.create\": \"POST /repos/{owner}/{repo}/issues\" }")]
    public IReadOnlyDictionary<string, string> Operations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether a request that matches none of <see cref="Operations"/> is refused as <c>operation_unknown</c> instead of being put to policy by its method. Default: false.</summary>
    public bool OnlyOperations { get; init; }

    /// <summary>
    /// Whether no agent has a reason to call the tool: every call to it, permitted or not, raises an alert. Default: false.
    /// </summary>
    public bool Canary { get; init; }

    /// <summary>
    /// Names of query parameters whose values the call log holds, cut to 2,048 characters together; those of all others it
    /// never holds. Default: none.
    /// </summary>
    [Expects("names of query parameters such as [\"page\"]")]
    public IReadOnlyList<string> LoggedQuery { get; init; } = [];

    /// <summary>
    /// Names of request header fields whose values the call log holds, each cut to 512 characters; those of all others it
    /// never holds. None that may carry a credential. Default: none.
    /// </summary>
    [Expects("names of header fields such as [\"X-Request-Reason\"]")]
    public IReadOnlyList<string> LoggedHeaders { get; init; } = [];

    /// <summary>What the tool demands of tasks.</summary>
    public ToolTasksOptions Tasks { get; init; } = new();

    /// <summary>
    /// Whether the upstream gets <c>traceparent</c> and <c>tracestate</c> (W3C Trace Context), so that its spans join the agent's trace. They hold
    /// random ids, and what tracing systems on the agent's side wrote into <c>tracestate</c>. Default: true.
    /// </summary>
    public bool PropagateTrace { get; init; } = true;

    /// <summary>
    /// IP addresses and CIDR blocks that the upstream may resolve to beside public ones. An upstream written as an IP literal
    /// or <c>localhost</c> needs no entry for itself. Default: none.
    /// </summary>
    [Expects("IP addresses and CIDR blocks such as [\"10.0.0.0/8\"]")]
    public IReadOnlyList<string> AllowAddresses { get; init; } = [];

    /// <summary>How one of several destinations is chosen. Default: <see cref="LoadBalancingPolicy.PowerOfTwoChoices"/>, as in YARP.</summary>
    public LoadBalancingPolicy LoadBalancing { get; init; } = LoadBalancingPolicy.PowerOfTwoChoices;

    /// <summary>How failing destinations are recognised and left out. Null: not at all.</summary>
    public HealthCheckOptions? HealthCheck { get; init; }

    /// <summary>How long the upstream may stay silent, before its answer and within it. 1 second to 1 day. Default: 100 seconds.</summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary><see cref="Destinations"/>, with <see cref="Upstream"/> as the entry "upstream".</summary>
    public IReadOnlyDictionary<string, DestinationOptions> AllDestinations => Upstream is null
        ? Destinations ?? ReadOnlyDictionary<string, DestinationOptions>.Empty
        : new Dictionary<string, DestinationOptions> { ["upstream"] = new() { Address = Upstream } };
}
