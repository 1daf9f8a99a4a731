using Gateway.Core.Tasks;

namespace Gateway.Pipeline;

/// <summary>Why a call does not go with its task or its agent.</summary>
internal static class TaskRefusals
{
    public static readonly Refusal Malformed = new(Reason.RequestMalformed, "The header Gateway-Task must occur once and hold a task's id.");

    public static readonly Refusal Required = new(
        Reason.TaskRequired, "This call needs a task: start one with POST /.gateway/tasks and send its id as Gateway-Task.");

    /// <summary>The same words whether it never was or is another agent's: an id is not to be found out by trying.</summary>
    public static Refusal Unknown(AgentTask? others) => new(
        Reason.TaskUnknown,
        "This agent has no such task.",
        others is null ? "No task has the id that was sent." : $"The task {others.Id} belongs to another agent, {others.Definition.Agent}.");

    public static Refusal Ended(AgentTask task) => new(
        Reason.TaskEnded,
        task.End is { } end ? $"The task has ended ({end.Reason.Name()})." : "The task's time is up.",
        task.End?.Detail);

    public static Refusal NotCovered(AgentTask task, string tool) => new(
        Reason.PolicyDenied, $"The task was not started for the tool '{tool}'.", $"The task {task.Id} is limited to other tools.");

    public static Refusal Suspended(Suspension? suspension) => new(
        Reason.AgentSuspended,
        "This agent is suspended; its operator can tell why.",
        suspension is null ? null : $"Suspended as '{suspension.Pattern}': {suspension.Reason}");
}
