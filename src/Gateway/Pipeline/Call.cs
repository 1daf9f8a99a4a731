using System.Net;
using Gateway.Core.Audit.UnderWay;
using Gateway.Core.Credentials;
using Gateway.Core.Identity;
using Gateway.Core.Policy;
using Gateway.Hosting;
using Gateway.Routing;

namespace Gateway.Pipeline;

/// <summary>One request of an agent and everything decided and done about it. Each stage fills its own part.</summary>
/// <remarks>Holds a lease's reference, never its secret: the secret is looked up at the moment of injection.</remarks>
internal sealed class Call
{
    public required string Id { get; init; }

    public required HttpContext Http { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public required long StartedTimestamp { get; init; }

    /// <summary>Where the call comes from. A Unix socket has no address, and its other end is on this host.</summary>
    public IPAddress SourceIp => Http.Connection.RemoteIpAddress ?? IPAddress.Loopback;

    /// <summary>The configuration that judges the whole call, whatever is reloaded meanwhile.</summary>
    public required GatewaySnapshot Snapshot { get; init; }

    public AgentIdentity? Agent { get; set; }

    /// <summary>The failed identity, for the record.</summary>
    public IdentityResult FailedIdentity { get; set; }

    public Tool? Tool { get; set; }

    /// <summary>What follows "&lt;tool&gt;/" in the action's id.</summary>
    public string? OperationName { get; set; }

    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; set; } = [];

    /// <summary>Path behind the tool's prefix as it is sent upstream; starts with "/", or is empty.</summary>
    public string UpstreamPath { get; set; } = "";

    /// <summary>The same, decoded once: what policy sees. Starts with "/".</summary>
    public string PolicyPath { get; set; } = "/";

    /// <summary>The query with its "?", as it is sent upstream; empty where there is none.</summary>
    public string Query { get; set; } = "";

    public string? Intent { get; set; }

    /// <summary>Its place with its agent and its task; set once it was counted in.</summary>
    public CallScope? Scope { get; set; }

    public Decision? Decision { get; set; }

    /// <summary>Whether the call may go on: policy permits it, or denies are only recorded. False until policy was asked.</summary>
    public bool MayProceed { get; set; }

    public LeaseReference? Lease { get; set; }

    /// <summary>Where the journal keeps what was decided until the call's record is written; none before it was asked.</summary>
    public OpenCall Journalled { get; set; }

    public Refusal? Refusal { get; set; }

    /// <summary>Set at the last moment before the request goes out.</summary>
    public Uri? Destination { get; set; }

    public bool Forwarded { get; set; }

    /// <summary>What went wrong where nobody was there to be refused: the agent had gone, or the response had begun.</summary>
    public string? Interruption { get; set; }

    public long ForwardedTimestamp { get; set; }

    public TimeSpan? UpstreamDuration { get; set; }

    /// <summary>Bytes of the body that were read for the upstream.</summary>
    public long RequestBytes { get; set; }

    public long ResponseBytes { get; set; }
}
