namespace Gateway.Core.Credentials;

/// <summary>Whom a lease is for. A lease is never used for another key.</summary>
/// <param name="Agent">The agent's id.</param>
/// <param name="Task">The task's id; empty where the call has no task.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Credential">The credential's name.</param>
/// <param name="Scope">The scope asked for; empty means the credential's own.</param>
internal readonly record struct LeaseKey(string Agent, string Task, string Tool, string Credential, string Scope)
{
    /// <summary>The agent's environment when it was asked for; empty where it has none. An agent that is moved to another one gets other leases there.</summary>
    public string Environment { get; init; } = "";
}
