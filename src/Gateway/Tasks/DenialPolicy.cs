using Gateway.Core.Policy;
using Gateway.Core.Tasks;
using Gateway.Pipeline;

namespace Gateway.Tasks;

/// <summary>What a denial leads to beyond the refusal: the end of its task, the suspension of its agent.</summary>
internal sealed class DenialPolicy(TaskEnder ender, AgentSuspender suspender, TimeProvider clock)
{
    /// <summary>Does what the policies that deny a call ask for. What it begins goes on in the background: the denied call itself is inside the gates that close.</summary>
    public void Apply(Call call, Decision decision)
    {
        if (call.Agent is not { } agent)
        {
            return;
        }

        var because = decision.Policies.Count == 0 ? "nothing permits the call" : $"the call is forbidden by {string.Join(", ", decision.Policies)}";

        // Ahead of the suspension, for which the task would be one of many that it kills.
        if (decision.OnDeny >= DenyAction.EndTask && call.Scope?.Task is { } task)
        {
            ender.Begin(task, TaskEndReason.Deviated, $"Call {call.Id}: {because}.");
        }

        if (decision.OnDeny == DenyAction.SuspendAgent && AgentPattern.TryParse(agent.Id, out var pattern, out _))
        {
            suspender.Begin(pattern, $"Call {call.Id}: {because}.");
        }
    }

    /// <summary>Counts a call that was denied, by policy or by what its task was started for.</summary>
    public void Count(Call call)
    {
        if (call.Scope?.Task is { } task
            && call.Snapshot.Tasks.DenialLimit is { } limit
            && task.CountDenial(clock.GetUtcNow(), limit.Window, limit.Count) >= limit.Count)
        {
            ender.Begin(task, TaskEndReason.Deviated, $"{limit.Count} denials within {limit.Window:c}.");
        }
    }
}
