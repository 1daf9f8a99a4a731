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

        if (!TaskHeader.TryFind(call.Http.Request, agent, tasks, out var task, out var refusal))
        {
            return new(Verdict.Refuse(refusal));
        }

        if (task is null && (call.Snapshot.Tasks.Required || tool.RequiresTask))
        {
            return new(Verdict.Refuse(TaskRefusals.Required));
        }

        return new(Admit(call, agent, tool, task));
    }

    private Verdict Admit(Call call, AgentIdentity agent, Tool tool, AgentTask? task)
    {
        if (agents.TryEnter(agent.Id) is not { } gate)
        {
            return Verdict.Refuse(TaskRefusals.Suspended(agents.Find(agent.Id)));
        }

        if (task?.TryEnter(clock.GetUtcNow()) == false)
        {
            gate.Leave();
            return Verdict.Refuse(TaskRefusals.Ended(task));
        }

        call.Scope = new CallScope(agents, agent.Id, gate, task, call.Http.RequestAborted, call.Snapshot.Tasks.EndWithLastCall ? EndWithLastCall : null);
        return task?.Covers(tool.Name) == false ? Verdict.Refuse(TaskRefusals.NotCovered(task, tool.Name)) : Verdict.Continue;
    }

    private void EndWithLastCall(AgentTask task) => ender.BeginWhereSpent(task);
}
