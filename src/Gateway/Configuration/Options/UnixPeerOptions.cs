namespace Gateway.Configuration;

/// <summary>A process on this host that is an agent, recognised by what the kernel says of the peer of a Unix socket. All that is given must hold.</summary>
internal sealed record UnixPeerOptions
{
    /// <summary>The agent's id, a SPIFFE ID. Null: <c>unix:</c> and the entry's name.</summary>
    [Expects("a SPIFFE ID such as \"spiffe://example.org/agent/billing\"")]
    public string? AgentId { get; init; }

    /// <summary>Effective user of the process when it connected, name or number. Null: any.</summary>
    [Expects("a user such as \"billing\"")]
    public string? User { get; init; }

    /// <summary>Effective group of the process when it connected, name or number; supplementary groups do not count. Null: any.</summary>
    [Expects("a group such as \"agents\"")]
    public string? Group { get; init; }

    /// <summary>
    /// Absolute path of the program. Beside a user it tells that user's programs apart; no more, for a user may put any file
    /// under any path of its own mount namespace. Null: any.
    /// </summary>
    [Expects("an absolute path such as \"/usr/bin/billing-agent\"")]
    public string? Executable { get; init; }

    /// <summary>SHA-256 of the program's file, 64 hexadecimal digits. Null: any.</summary>
    [Expects("64 hexadecimal digits, as sha256sum prints them")]
    public string? ExecutableSha256 { get; init; }

    /// <summary>Path of a control group; the process is in it, or below it. Null: any.</summary>
    [Expects("a control group such as \"/system.slice/billing-agent.service\"")]
    public string? Cgroup { get; init; }

    /// <summary>Id of a container, 64 hexadecimal digits. Null: any, or none.</summary>
    [Expects("a container's id, 64 hexadecimal digits")]
    public string? ContainerId { get; init; }
}
