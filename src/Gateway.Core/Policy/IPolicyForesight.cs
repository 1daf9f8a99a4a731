using Gateway.Core.Identity;

namespace Gateway.Core.Policy;

/// <summary>Tells an agent beforehand what policy might permit it. An engine that cannot tell does not implement it.</summary>
internal interface IPolicyForesight
{
    /// <summary>
    /// Whether some request for the operation could be permitted. What depends on the request itself (path, parameters, time,
    /// intent) counts in the agent's favour, so true is no promise; false is one, until policy or the agent's claims change.
    /// </summary>
    /// <param name="agent">The agent.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="operation">The operation's name, or the method of requests that match none.</param>
    /// <param name="method">The operation's method.</param>
    bool CouldPermit(AgentIdentity agent, string tool, string operation, string method);
}
