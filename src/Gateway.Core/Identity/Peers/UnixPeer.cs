namespace Gateway.Core.Identity.Peers;

/// <summary>The other end of a Unix socket as the kernel describes it: who called connect(2).</summary>
/// <param name="UserId">Effective user id at connect(2).</param>
/// <param name="GroupId">Effective group id at connect(2).</param>
/// <param name="ProcessId">In the gateway's own process namespace; 0 where it cannot be seen from there.</param>
/// <param name="Executable">Null where the process has ended, or may not be looked at.</param>
/// <param name="ControlGroup">Null where the process has ended, or shows none.</param>
internal sealed record UnixPeer(uint UserId, uint GroupId, int ProcessId, IPeerExecutable? Executable, ControlGroup? ControlGroup)
{
    /// <summary>For the record of a refused peer.</summary>
    public override string ToString() => $"uid:{UserId} gid:{GroupId} pid:{ProcessId}{(Executable is { } executable ? $" {executable.Path}" : "")}";
}
