using Gateway.Core.Identity;
using Gateway.Core.Tasks;
using Gateway.Hosting;
using Gateway.Pipeline;

namespace Gateway.Tasks;

/// <summary>Starts tasks for agents and operators.</summary>
internal sealed class TaskStarter(TaskRegistry tasks, AgentDirectory agents, TaskEvents events)
{
    private const string UnknownParent = "'parent' is no task that can be used here.";

    /// <param name="asked">What is asked for.</param>
    /// <param name="caller">The agent that asks; null where it is an operator, who may start any agent's.</param>
    /// <param name="snapshot">The configuration in force.</param>
    /// <param name="cancellationToken">The caller's going away.</param>
    /// <exception cref="StateUnavailableException">It cannot be remembered, so it is not started.</exception>
    public async ValueTask<TaskStart> StartAsync(TaskQuestion asked, AgentIdentity? caller, GatewaySnapshot snapshot, CancellationToken cancellationToken)
    {
        AgentTask? parent = null;
        if (asked.Parent is { } id && (!tasks.TryFind(id, out parent) || (caller is not null && !TaskOwnership.MayUse(caller, parent))))
        {
            return TaskStart.Refuse(TaskStartProblem.ParentUnknown, UnknownParent);
        }

        if (parent?.End is not null)
        {
            return TaskStart.Refuse(TaskStartProblem.ParentEnded, "The parent task has ended.");
        }

        if (agents.Find(asked.Agent) is not null)
        {
            return TaskStart.Refuse(TaskStartProblem.AgentSuspended, "The agent is suspended.");
        }

        if (Problem(asked, caller, parent, snapshot) is { } problem)
        {
            return TaskStart.Refuse(problem);
        }

        var start = await tasks.StartAsync(
            new TaskRequest
            {
                Agent = asked.Agent,
                Purpose = asked.Purpose,
                Lifetime = asked.Lifetime,
                Tools = asked.Tools,
                Scopes = asked.Scopes ?? Scopes(asked.Transaction, parent),
                User = asked.User ?? asked.Transaction?.Subject ?? parent?.Definition.User ?? UserOf(caller, asked.Agent),
                Parent = parent,
                Transaction = asked.Transaction?.Id,
                EndsBy = asked.Transaction?.ExpiresAt,
                ActsFor = [.. ActsFor(caller, asked.Agent), .. asked.Transaction?.Chain ?? []],
            },
            snapshot.TaskLimits,
            cancellationToken);
        if (start.Succeeded)
        {
            events.Started(start.Task, asked.By);
        }

        return start;
    }

    private static string? Problem(TaskQuestion asked, AgentIdentity? caller, AgentTask? parent, GatewaySnapshot snapshot) =>
        !IsAgentId(asked.Agent) ? "'agent' must be an agent's id: a SPIFFE ID, or the issuer's name, ':' and the subject."
        : caller is not null && asked.Agent != caller.Id && parent is null ? "'agent' may be another one only for a part of a task of yours: name that as 'parent'."
        : asked is { Scopes: { } scopes, Transaction.Scopes: { } allowed } && scopes.Except(allowed, StringComparer.Ordinal).Any() ? "'scopes' names one that the Txn-Token does not have."
        : asked.Tools?.FirstOrDefault(t => !snapshot.Tools.All.Any(known => known.Name == t)) is not null ? "'tools' names one that is not configured."
        : null;

    /// <summary>What a Transaction Token allows, as far as the parent has it too.</summary>
    private static IReadOnlyList<string>? Scopes(TransactionToken? transaction, AgentTask? parent) =>
        parent?.Definition.Scopes is { } held ? transaction?.Scopes?.Intersect(held, StringComparer.Ordinal).ToArray() : transaction?.Scopes;

    private static IEnumerable<string> ActsFor(AgentIdentity? caller, string agent) =>
        caller?.Id == agent && caller.OnBehalfOf is { } subject ? [.. caller.EarlierActors, subject] : [];

    /// <summary>Whoever an agent's token says that it acts for is the user, unless the task is another agent's.</summary>
    private static string? UserOf(AgentIdentity? caller, string agent) => caller?.Id == agent ? caller.OnBehalfOf : null;

    private static bool IsAgentId(string text) =>
        text.Length is > 2 and <= 2048 && text.IndexOf(':', StringComparison.Ordinal) > 0 && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}
