using Gateway.Configuration;
using Gateway.Core.Identity.Peers;
using Gateway.Integrations.Linux;

namespace Gateway.Hosting;

/// <summary>Makes rules of configured peers: names of users and groups become the numbers that the kernel knows.</summary>
internal static class UnixPeerRules
{
    /// <exception cref="InvalidOperationException">A user or group has gone since the configuration was checked; without it the rule would ask for less.</exception>
    public static PeerRules Create(IReadOnlyDictionary<string, UnixPeerOptions> peers) => new([.. peers.Select(peer => new PeerRule
    {
        AgentId = AgentIdOf(peer),
        UserId = Id(peer.Value.User, AccountNames.FindUser),
        GroupId = Id(peer.Value.Group, AccountNames.FindGroup),
        Executable = peer.Value.Executable,
        ExecutableSha256 = peer.Value.ExecutableSha256,
        ControlGroup = peer.Value.Cgroup,
        ContainerId = peer.Value.ContainerId?.ToLowerInvariant(),
    })]);

    public static string AgentIdOf(KeyValuePair<string, UnixPeerOptions> peer) => peer.Value.AgentId ?? $"{PeerRules.Issuer}:{peer.Key}";

    private static uint? Id(string? name, Func<string, uint?> find) =>
        name is null ? null : find(name) ?? throw new InvalidOperationException("A user or group of Identity:UnixPeers is not there any more.");
}
