using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Identity;
using Gateway.Core.Tasks;

namespace Gateway.Pipeline;

/// <summary>Reads <c>Gateway-Task</c>.</summary>
internal static class TaskHeader
{
    private const int MaxIdLength = 64;

    /// <param name="request">The agent's.</param>
    /// <param name="agent">Who it is.</param>
    /// <param name="tasks">Those that there are.</param>
    /// <param name="task">Null where the request names none.</param>
    /// <param name="refusal">Why the header cannot count.</param>
    public static bool TryFind(HttpRequest request, AgentIdentity agent, TaskRegistry tasks, out AgentTask? task, [NotNullWhen(false)] out Refusal? refusal)
    {
        (task, refusal) = (null, null);
        var header = request.Headers[GatewayHeaders.Task];
        if (header.Count == 0)
        {
            return true;
        }

        if (header is not [{ Length: > 0 and <= MaxIdLength } id])
        {
            refusal = TaskRefusals.Malformed;
            return false;
        }

        if (!tasks.TryFind(id, out task) || !TaskOwnership.MayUse(agent, task))
        {
            refusal = TaskRefusals.Unknown(task);
            task = null;
            return false;
        }

        return true;
    }
}
