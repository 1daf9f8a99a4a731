using Gateway.Core.Identity;
using Gateway.Core.Identity.Peers;

namespace Gateway.Core.Tests.Identity.Peers;

public sealed class PeerRulesTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Conditions => ["User", "Group", "Executable", "Digest", "Cgroup", "Container"];

    [Fact]
    public async Task Identify_AllConditionsHold_IsTheAgent()
    {
        var result = await new PeerRules([Full]).IdentifyAsync(Peer(new Program()), Stop);

        Assert.True(result.Succeeded);
        Assert.Equal(("unix:a", "unix", "unix-peer", false), (result.Agent.Id, result.Agent.Issuer, result.Agent.Method, result.Agent.ProofOfPossession));
        Assert.Equal(("pid:7", DateTimeOffset.MaxValue), (result.Agent.TokenId, result.Agent.ExpiresAt));
        Assert.Equal(
            $"cgroup=/docker/{Digest} containerId={Digest} executable=/bin/agent executableSha256={Digest} gid=20 uid=10",
            string.Join(' ', result.Agent.Claims.OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}")));
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Identify_OneConditionFails_IsUnknown(string condition)
    {
        var rule = condition switch
        {
            "User" => Full with { UserId = 11 },
            "Group" => Full with { GroupId = 21 },
            "Executable" => Full with { Executable = "/bin/agent2" },
            "Digest" => Full with { ExecutableSha256 = Digest.Replace('0', '1') },
            "Cgroup" => Full with { ControlGroup = "/docker/0" },
            _ => Full with { ContainerId = Digest.Replace('0', '1') },
        };

        var result = await new PeerRules([rule]).IdentifyAsync(Peer(new Program()), Stop);

        Assert.Equal(IdentityFailure.PeerUnknown, result.Failure);
        Assert.Equal("uid:10 gid:20 pid:7 /bin/agent", result.ClaimedAgent);
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Identify_ProcessUnknown_HoldsNoConditionButUserAndGroup(string condition)
    {
        var rule = condition switch
        {
            "User" => new PeerRule { AgentId = "unix:a", UserId = 10 },
            "Group" => new PeerRule { AgentId = "unix:a", GroupId = 20 },
            "Executable" => new PeerRule { AgentId = "unix:a", Executable = "/bin/agent" },
            "Digest" => new PeerRule { AgentId = "unix:a", ExecutableSha256 = Digest },
            "Cgroup" => new PeerRule { AgentId = "unix:a", ControlGroup = "/docker" },
            _ => new PeerRule { AgentId = "unix:a", ContainerId = Digest },
        };

        var result = await new PeerRules([rule]).IdentifyAsync(new UnixPeer(10, 20, 7, null, null), Stop);

        Assert.Equal(condition is "User" or "Group", result.Succeeded);
    }

    [Fact]
    public async Task Identify_RuleWithoutConditions_MatchesNobody() =>
        Assert.Equal(IdentityFailure.PeerUnknown, (await new PeerRules([new PeerRule { AgentId = "unix:a" }]).IdentifyAsync(Peer(new Program()), Stop)).Failure);

    [Fact]
    public async Task Identify_TwoAgentsFit_IsAmbiguous()
    {
        var rules = new PeerRules([new PeerRule { AgentId = "unix:a", UserId = 10 }, new PeerRule { AgentId = "unix:b", GroupId = 20 }]);

        Assert.Equal(IdentityFailure.PeerAmbiguous, (await rules.IdentifyAsync(Peer(new Program()), Stop)).Failure);
    }

    [Fact]
    public async Task Identify_TwoRulesOfOneAgentFit_IsTheAgent()
    {
        var rules = new PeerRules([new PeerRule { AgentId = "unix:a", UserId = 10 }, new PeerRule { AgentId = "unix:a", GroupId = 20 }]);

        Assert.Equal("unix:a", (await rules.IdentifyAsync(Peer(new Program()), Stop)).Agent?.Id);
    }

    [Fact]
    public async Task Identify_AnotherConditionFails_DoesNotReadTheProgram()
    {
        var program = new Program();

        await new PeerRules([Full with { UserId = 11 }]).IdentifyAsync(Peer(program), Stop);

        Assert.Equal(0, program.Reads);
    }

    [Fact]
    public async Task Identify_PathWithControlCharacters_IsNeitherClaimNorInTheRecord()
    {
        var peer = Peer(new Program { Path = "/bin/a\nb" });

        var known = await new PeerRules([new PeerRule { AgentId = "unix:a", UserId = 10 }]).IdentifyAsync(peer, Stop);
        var unknown = await new PeerRules([new PeerRule { AgentId = "unix:a", UserId = 11 }]).IdentifyAsync(peer, Stop);

        Assert.DoesNotContain("executable", known.Agent!.Claims.Keys);
        Assert.Equal("uid:10 gid:20 pid:7 /bin/a?b", unknown.ClaimedAgent);
    }

    private static PeerRule Full => new()
    {
        AgentId = "unix:a",
        UserId = 10,
        GroupId = 20,
        Executable = "/bin/agent",
        ExecutableSha256 = Digest.ToUpperInvariant(),
        ControlGroup = "/docker",
        ContainerId = Digest,
    };

    private static UnixPeer Peer(Program program) => new(10, 20, 7, program, new ControlGroup($"/docker/{Digest}"));

    private sealed class Program : IPeerExecutable
    {
        public string Path { get; init; } = "/bin/agent";

        public int Reads { get; private set; }

        public ValueTask<string?> Sha256Async(CancellationToken cancellationToken)
        {
            Reads++;
            return new(Digest);
        }
    }
}
