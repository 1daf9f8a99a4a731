namespace Gateway.Core.Identity.Peers;

/// <summary>What the kernel must say of a peer for it to be an agent. All that is not null must hold.</summary>
internal sealed record PeerRule
{
    public required string AgentId { get; init; }

    public uint? UserId { get; init; }

    public uint? GroupId { get; init; }

    /// <summary>Absolute path.</summary>
    public string? Executable { get; init; }

    /// <summary>64 hexadecimal digits, in any case.</summary>
    public string? ExecutableSha256 { get; init; }

    /// <summary>Absolute path of a control group; those below it count too.</summary>
    public string? ControlGroup { get; init; }

    /// <summary>64 hexadecimal digits in small letters.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Whether anything is asked for; a rule that asks for nothing matches nobody.</summary>
    public bool HasCondition => (UserId, GroupId, Executable, ExecutableSha256, ControlGroup, ContainerId) is not (null, null, null, null, null, null);

    public async ValueTask<bool> MatchesAsync(UnixPeer peer, CancellationToken cancellationToken)
    {
        if (!HasCondition
            || (UserId is { } user && user != peer.UserId)
            || (GroupId is { } group && group != peer.GroupId)
            || (Executable is { } path && path != peer.Executable?.Path)
            || (ControlGroup is { } controlGroup && peer.ControlGroup?.IsWithin(controlGroup) != true)
            || (ContainerId is { } container && container != peer.ControlGroup?.ContainerId))
        {
            return false;
        }

        // Last, since it reads the whole file: nobody can make the gateway read one whom another condition tells apart.
        return ExecutableSha256 is not { } digest
            || (peer.Executable is { } executable && string.Equals(digest, await executable.Sha256Async(cancellationToken), StringComparison.OrdinalIgnoreCase));
    }
}
