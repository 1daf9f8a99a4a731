using System.Text.RegularExpressions;
using Gateway.Core.Identity.Spiffe;
using Gateway.Integrations.Linux;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Identity:UnixPeers</c>.</summary>
internal static partial class UnixPeersValidator
{
    private const string Section = "Gateway:Identity:UnixPeers";

    public static void Validate(GatewayOptions options, ConfigurationErrors errors)
    {
        var peers = options.Identity.UnixPeers;
        foreach (var (name, peer) in peers)
        {
            var key = $"{Section}:{name}";
            if (ConfigurationName.Check(name) is { } problem)
            {
                errors.Add(key, problem);
            }

            Validate(peer, key, errors);
        }

        if (peers.Count > 0 && !options.Listeners.Agents.Any(l => l.Url.StartsWith(ListenerAddress.UnixScheme, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Warn(Section, "has no effect, for no listener is a Unix socket: write { \"Url\": \"unix:/run/gateway/agents.sock\" } under Listeners:Agents.");
        }
    }

    private static void Validate(UnixPeerOptions peer, string key, ConfigurationErrors errors)
    {
        void Check(string? value, string part, Func<string, bool> isSound, string problem)
        {
            if (value is not null && !isSound(value))
            {
                errors.Add($"{key}:{part}", problem);
            }
        }

        Check(peer.AgentId, nameof(peer.AgentId), IsSpiffeId, "must be a SPIFFE ID such as \"spiffe://example.org/agent/billing\": without the key the id is \"unix:\" and the entry's name.");
        Check(peer.User, nameof(peer.User), u => AccountNames.FindUser(u) is not null, "names no user of this machine: write the name or number of one.");
        Check(peer.Group, nameof(peer.Group), g => AccountNames.FindGroup(g) is not null, "names no group of this machine: write the name or number of one.");
        Check(peer.Executable, nameof(peer.Executable), IsPath, "must be the absolute path of a file, without \".\" and \"..\": write for example \"/usr/bin/billing-agent\".");
        Check(peer.ExecutableSha256, nameof(peer.ExecutableSha256), d => Digest().IsMatch(d), "must be 64 hexadecimal digits, as sha256sum prints them.");
        Check(peer.Cgroup, nameof(peer.Cgroup), g => IsPath(g) && g.Length > 1, "must be the path of a control group below the root, as /proc/PID/cgroup shows it behind \"0::\": write for example \"/system.slice/billing-agent.service\".");
        Check(peer.ContainerId, nameof(peer.ContainerId), c => Digest().IsMatch(c), "must be 64 hexadecimal digits, as \"docker inspect --format {{.Id}}\" prints them.");
        if (peer is { User: null, ExecutableSha256: null, Cgroup: null, ContainerId: null })
        {
            errors.Add(key, "would match too many: write User, Cgroup, ContainerId or ExecutableSha256.");
        }
        else if (peer is { User: null, Cgroup: null, ContainerId: null })
        {
            errors.Warn(key, "tells programs apart but not users, and every user who can connect may run and steer the program: write User, Cgroup or ContainerId too.");
        }
    }

    private static bool IsPath(string text) =>
        text.StartsWith('/') && !text.EndsWith(" (deleted)", StringComparison.Ordinal) && text.Split('/').Skip(1).All(segment => segment is not ("" or "." or ".."));

    private static bool IsSpiffeId(string text) => SpiffeId.TryParse(text, out var id) && id.HasPath;

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digest();
}
