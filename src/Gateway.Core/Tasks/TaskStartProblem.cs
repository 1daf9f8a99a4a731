namespace Gateway.Core.Tasks;

/// <summary>What kind of thing kept a task from being started.</summary>
internal enum TaskStartProblem
{
    /// <summary>What was asked for.</summary>
    Request = 0,

    /// <summary>There is no such parent, or it is not the caller's.</summary>
    ParentUnknown,

    /// <summary>The parent has ended.</summary>
    ParentEnded,

    /// <summary>The agent that would have it is suspended.</summary>
    AgentSuspended,

    /// <summary>Too many tasks were started by whoever asks.</summary>
    TooMany,
}
