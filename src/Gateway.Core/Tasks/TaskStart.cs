using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Tasks;

/// <summary>A task that was started, or why it was not. The zero value is a refusal without further word.</summary>
internal readonly struct TaskStart
{
    private TaskStart(AgentTask? task, TaskStartProblem kind, string? problem)
    {
        Task = task;
        Kind = kind;
        Problem = problem;
    }

    public AgentTask? Task { get; }

    /// <summary>Meaningless while <see cref="Task"/> is set.</summary>
    public TaskStartProblem Kind { get; }

    /// <summary>What was wrong with the request and what to ask instead; for whoever asked.</summary>
    public string? Problem { get; }

    [MemberNotNullWhen(true, nameof(Task))]
    public bool Succeeded => Task is not null;

    public static TaskStart Success(AgentTask task) => new(task, default, null);

    public static TaskStart Refuse(string problem) => Refuse(TaskStartProblem.Request, problem);

    public static TaskStart Refuse(TaskStartProblem kind, string problem) => new(null, kind, problem);
}
