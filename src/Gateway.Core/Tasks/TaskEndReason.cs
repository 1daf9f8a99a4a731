namespace Gateway.Core.Tasks;

/// <summary>Why a task ended.</summary>
internal enum TaskEndReason
{
    /// <summary>It fell silent, or whoever ran it went away.</summary>
    Interrupted = 0,

    /// <summary>Its agent or its owner says that the work is done.</summary>
    Completed,

    /// <summary>The agent did what policy does not forgive.</summary>
    Deviated,

    /// <summary>Its lifetime passed.</summary>
    Expired,

    /// <summary>An operator ended it, or suspended its agent.</summary>
    Killed,
}
