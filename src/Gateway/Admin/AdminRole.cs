namespace Gateway.Admin;

/// <summary>What an operator may do; each includes those before it. The zero value may do nothing.</summary>
internal enum AdminRole
{
    None = 0,

    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Tasks, leases and agents.</summary>
    Operator,

    Admin,
}
