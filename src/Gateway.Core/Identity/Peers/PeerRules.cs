using System.Globalization;
using System.Text.Json;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Identity.Peers;

/// <summary>Which peers of Unix sockets are which agents.</summary>
internal sealed class PeerRules(IReadOnlyList<PeerRule> rules)
{
    /// <summary>The claims of every agent that is known by its process, with their Cedar types.</summary>
    public static readonly IReadOnlyDictionary<string, string> ClaimTypes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["uid"] = "Long",
        ["gid"] = "Long",
        ["executable"] = "String",
        ["executableSha256"] = "String",
        ["cgroup"] = "String",
        ["containerId"] = "String",
    };

    /// <summary>What agents known by their socket have as issuer, and as the first part of an id that no one else can issue.</summary>
    public const string Issuer = "unix";

    public const string Method = "unix-peer";

    public bool IsEmpty => rules.Count == 0;

    /// <summary>Finds the agent that a peer is. Two that it could be are one too many.</summary>
    public async ValueTask<IdentityResult> IdentifyAsync(UnixPeer peer, CancellationToken cancellationToken)
    {
        string? agent = null;
        foreach (var rule in rules)
        {
            if (rule.AgentId != agent && await rule.MatchesAsync(peer, cancellationToken))
            {
                if (agent is not null)
                {
                    return Fail(IdentityFailure.PeerAmbiguous, peer);
                }

                agent = rule.AgentId;
            }
        }

        return agent is null ? Fail(IdentityFailure.PeerUnknown, peer) : IdentityResult.Success(await CreateAsync(agent, peer, cancellationToken));
    }

    private static IdentityResult Fail(IdentityFailure failure, UnixPeer peer) => IdentityResult.Fail(failure, Issuer, SafeText.Sanitise(peer.ToString()));

    private async ValueTask<AgentIdentity> CreateAsync(string agent, UnixPeer peer, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["uid"] = JsonSerializer.SerializeToElement(peer.UserId),
            ["gid"] = JsonSerializer.SerializeToElement(peer.GroupId),
        };
        Add("executable", peer.Executable?.Path);
        Add("cgroup", peer.ControlGroup?.Path);
        Add("containerId", peer.ControlGroup?.ContainerId);
        if (peer.Executable is { } executable && rules.Any(r => r.AgentId == agent && r.ExecutableSha256 is not null))
        {
            Add("executableSha256", await executable.Sha256Async(cancellationToken));
        }

        return new AgentIdentity
        {
            Id = agent,
            Issuer = Issuer,
            Method = Method,
            Claims = claims,
            ExpiresAt = DateTimeOffset.MaxValue,
            TokenId = string.Create(CultureInfo.InvariantCulture, $"pid:{peer.ProcessId}"),
        };

        // Whoever starts a program chooses its path.
        void Add(string name, string? value)
        {
            if (value is not null && SafeText.IsPlain(value))
            {
                claims[name] = JsonSerializer.SerializeToElement(value);
            }
        }
    }
}
