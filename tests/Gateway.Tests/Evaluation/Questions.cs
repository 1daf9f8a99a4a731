using Gateway.Configuration;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Tests.Evaluation;

/// <summary>A configuration to put questions to.</summary>
internal static class Questions
{
    public static DateTimeOffset Now { get; } = new(2027, 1, 31, 9, 30, 0, TimeSpan.Zero);

    public static GatewayOptions Options { get; } = new()
    {
        Identity = new IdentityOptions
        {
            Issuers = new Dictionary<string, IssuerOptions>
            {
                ["corp"] = new() { Issuer = "https://idp.example", Audiences = ["gateway"], Claims = ["groups"] },
                ["cluster"] = new() { Kind = IssuerKind.Kubernetes, Issuer = "https://cluster.example", Audiences = ["gateway"], Claims = ["team"] },
            },
            TrustDomains = new Dictionary<string, TrustDomainOptions> { ["known.example"] = new() { BundleFile = "bundle.json" } },
            UnixPeers = new Dictionary<string, UnixPeerOptions>
            {
                ["billing"] = new() { User = "0" },
                ["reporter"] = new() { User = "1", AgentId = "spiffe://td.example/reporter" },
                ["known"] = new() { User = "2", AgentId = "spiffe://known.example/reporter" },
            },
        },
        Tools = new Dictionary<string, ToolOptions>
        {
            ["github"] = new()
            {
                Path = "/github",
                Upstream = "https://api.github.com",
                Credential = "key",
                Operations = new Dictionary<string, string>
                {
                    ["repos.get"] = "GET /repos/{owner}/{repo}",
                    ["contents.get"] = "GET /repos/{owner}/{repo}/contents/{**file}",
                    ["report.get"] = "GET /reports/r-{id}.json",
                    ["report.first"] = "GET /reports/r-1.json",
                },
            },
            ["closed"] = new() { Path = "/closed", Upstream = "https://a.example", Credential = "key", OnlyOperations = true, Operations = new Dictionary<string, string> { ["get"] = "GET /a" } },
        },
    };
}
