using System.Net;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

/// <summary>Records as the pipeline would make them.</summary>
internal static class Calls
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 22, 30, 0, 125, TimeSpan.Zero);

    public static CallRecord Allowed(string method = "GET", int status = 200) => new()
    {
        Call = Guid.CreateVersion7().ToString(),
        StartedAt = Start,
        Duration = TimeSpan.FromMicroseconds(12_345.6),
        UpstreamDuration = TimeSpan.FromMicroseconds(11_000),
        Forwarded = true,
        Status = status,
        Agent = "spiffe://example.org/agent/billing",
        Issuer = "cluster",
        IdentityMethod = "jwt",
        ProofOfPossession = true,
        TokenId = "sha256:00112233aabbccdd",
        TokenIssuedAt = Start.AddMinutes(-1),
        TokenExpiresAt = Start.AddMinutes(14),
        Tool = "github",
        ToolLabels = ["sensitivity:internal"],
        Operation = "issues.create",
        Method = method,
        Path = "/repos/acme/billing%2Fold/issues",
        ParameterNames = ["owner", "repo"],
        HttpVersion = "1.1",
        SourceIp = IPAddress.Parse("10.8.3.17"),
        SourcePort = 51544,
        Destination = new Uri("https://api.github.com"),
        Decision = "allow",
        Policies = ["billing-may-write-issues", "scm-read"],
        PolicyErrors = ["odd: attribute `x` missing"],
        PolicyVersion = "sha256:0123456789abcdef",
        DecisionId = "4ca636c1-55e4-417a-b1d8-4aceb67960d1",
        Credential = "github-app",
        Lease = "000102030405060708090a0b0c0d0e0f",
        LeaseFingerprint = "sha256:ffeeddccbbaa0099",
        LeaseScope = "repo",
        LeaseIssuedAt = Start.AddMinutes(-2),
        LeaseExpiresAt = Start.AddMinutes(8),
        Intent = "open an issue",
        RequestBytes = 120,
        ResponseBytes = 2048,
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
    };

    public static CallRecord Refused(string reason, int status) => new()
    {
        Call = Guid.CreateVersion7().ToString(),
        StartedAt = Start,
        Duration = TimeSpan.FromMicroseconds(250),
        Reason = reason,
        Detail = "One check failed.",
        Status = status,
        Agent = "dev:billing",
        Issuer = "dev",
        IdentityMethod = "jwt",
        TokenId = "jti-1",
        TokenExpiresAt = Start.AddMinutes(14),
        Tool = "github",
        Method = "DELETE",
        Path = "/repos/acme/billing",
        HttpVersion = "2",
        SourceIp = IPAddress.IPv6Loopback,
        Decision = reason == "policy_denied" ? "deny" : null,
        PolicyVersion = reason == "policy_denied" ? "sha256:0123456789abcdef" : null,
    };

    /// <summary>A call about whose agent nothing is known but, perhaps, what an unverified token claims.</summary>
    public static CallRecord Unidentified(string reason, int status, string? claimed) => new()
    {
        Call = Guid.CreateVersion7().ToString(),
        StartedAt = Start,
        Duration = TimeSpan.FromMicroseconds(90),
        Reason = reason,
        Detail = "SignatureInvalid",
        Status = status,
        ClaimedAgent = claimed,
        IdentityMethod = claimed is null ? null : "jwt",
        Method = "POST",
        Path = "/github/repos/acme/billing/issues",
        HttpVersion = "1.1",
        SourceIp = IPAddress.Parse("10.8.3.17"),
        SourcePort = 51544,
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
    };
}
