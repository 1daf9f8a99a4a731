using Gateway.Core.Identity;
using Gateway.Core.Tasks;
using Gateway.Routing;
using Gateway.Tasks;

namespace Gateway.Pipeline;

/// <summary>Counts the call in with its agent and its task. From here on, whoever ends either of them also stops the call.</summary>
internal sealed class TaskStage(AgentDirectory agents, TaskRegistry tasks, TaskEnder ender, TimeProvider clock) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Agent is not { } agent || call.Tool is not { } tool)
        {
            return default;
        }

        // Ahead of everything about tasks: a suspended agent is told so, whatever it sends.
        if (agents.TryEnter(agent.Id) is not { } gate)
        {
            return new(Verdict.Refuse(TaskRefusals.Suspended(agents.Find(agent.Id))));
        }

        var verdict = Admit(call, agent, tool, gate);
        if (call.Scope is null)
        {
            gate.Leave();
        }

        return new(verdict);
    }

    /// <summary>Gives the call its scope, which leaves the gate, once it is counted in with its task.</summary>
    private Verdict Admit(Call call, AgentIdentity agent, Tool tool, CallGate gate)
    {
        if (!TaskHeader.TryFind(call.Http.Request, agent, tasks, out var task, out var refusal))
        {
            return Verdict.Refuse(refusal);
        }

        if (task is null && (call.Snapshot.Tasks.Required || tool.RequiresTask))
        {
            return Verdict.Refuse(TaskRefusals.Required);
        }

        if (task?.TryEnter(clock.GetUtcNow()) == false)
        {
            return Verdict.Refuse(TaskRefusals.Ended(task));
        }

        call.Scope = new CallScope(agents, agent.Id, gate, task, call.Http.RequestAborted, call.Snapshot.Tasks.EndWithLastCall ? ender.BeginWhereSpent : null);
        return task?.Covers(tool.Name) == false ? Verdict.Refuse(TaskRefusals.NotCovered(task, tool.Name)) : Verdict.Continue;
    }
}
