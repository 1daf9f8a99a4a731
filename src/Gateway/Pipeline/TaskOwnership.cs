using Gateway.Core.Identity;
using Gateway.Core.Tasks;

namespace Gateway.Pipeline;

/// <summary>Whose a task is.</summary>
internal static class TaskOwnership
{
    /// <summary>
    /// Its agent's; and whoever's token says that it acts for that agent (RFC 8693 §4.1). Earlier actors of a token count for
    /// nothing.
    /// </summary>
    public static bool MayUse(AgentIdentity agent, AgentTask task) =>
        task.Definition.Agent == agent.Id || (agent.OnBehalfOf is { } subject && task.Definition.Agent == subject);
}
