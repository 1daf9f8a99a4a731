using Gateway.Core.Identity;
using Gateway.Core.Policy;
using Gateway.Hosting;
using Gateway.Routing;

namespace Gateway.AgentApi;

/// <summary>What an agent could call: every operation that policy does not deny whatever the request will be.</summary>
/// <remarks>
/// An operation that policy permits under a condition on the request is listed, so the list is no promise. A tool that also takes
/// requests that match no operation has their methods in the list, as in the ids of their actions. Where policy is only
/// observed, or its engine cannot be asked without a request, everything configured is listed.
/// </remarks>
internal static class CallableTools
{
    public static IEnumerable<CallableTool> Of(GatewaySnapshot snapshot, AgentIdentity agent)
    {
        var foresight = snapshot.EnforcesPolicy ? snapshot.Policy as IPolicyForesight : null;
        foreach (var tool in snapshot.Tools.All.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            string[] operations =
            [
                .. OperationsOf(tool).Where(o => foresight?.CouldPermit(agent, tool.Name, o.Name, o.Method) ?? true).Select(o => o.Name),
            ];
            if (operations.Length > 0)
            {
                yield return new CallableTool(tool.Name, tool.Path, operations);
            }
        }
    }

    private static IEnumerable<(string Name, string Method)> OperationsOf(Tool tool)
    {
        var named = tool.Operations.All.OrderBy(o => o.Name, StringComparer.Ordinal).Select(o => (o.Name, o.Method));
        return tool.OnlyOperations ? named : named.Concat(ActionVocabulary.Methods.Select(method => (method, method)));
    }
}
