namespace Gateway.Core.Policy;

/// <summary>What a forbid asks for beyond the deny, by <c>@onDeny</c>. The greater one includes the lesser.</summary>
internal enum DenyAction
{
    None = 0,

    /// <summary>The call's task ends as deviated.</summary>
    EndTask,

    /// <summary>The calling agent is suspended, and its tasks end.</summary>
    SuspendAgent,
}
