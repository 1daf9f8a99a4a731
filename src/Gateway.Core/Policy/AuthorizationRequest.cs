using System.Net;
using Gateway.Core.Identity;

namespace Gateway.Core.Policy;

/// <summary>Everything that policy may look at for one call.</summary>
internal sealed record AuthorizationRequest
{
    /// <summary>The call's id, by which a decision point's own log can be joined with ours; no policy sees it.</summary>
    public string CallId { get; init; } = "";

    public required AgentIdentity Agent { get; init; }

    /// <summary>The tool's name.</summary>
    public required string Tool { get; init; }

    /// <summary>What follows "&lt;tool&gt;/" in the action's id: the operation's name, or the method of a request that matches none.</summary>
    public required string Operation { get; init; }

    public required string Method { get; init; }

    /// <summary>The path behind the tool's prefix with its percent-encodings decoded once; starts with "/".</summary>
    public required string Path { get; init; }

    /// <summary>The query as sent, without "?"; empty where there is none.</summary>
    public required string Query { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Bytes; -1 where the request does not say (chunked).</summary>
    public long ContentLength { get; init; }

    public required IPAddress SourceIp { get; init; }

    /// <summary>Parameters of the operation's path template, decoded, in the template's order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>The agent's own statement of what it is about; never trusted, only recorded and matched.</summary>
    public string? Intent { get; init; }

    /// <summary>Null where the call has no task.</summary>
    public TaskFacts? Task { get; init; }

    /// <summary>Null where nothing is known: then the agent did nothing before.</summary>
    public IHistoryFacts? History { get; init; }

    public required DateTimeOffset Now { get; init; }
}
