using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

public sealed class OcsfCallWriterTests
{
    private readonly LineBuffer _output = new(16);
    private readonly OcsfCallWriter _writer;

    public OcsfCallWriterTests()
    {
        OcsfSchemas.SkipWhereMissing();
        _writer = new OcsfCallWriter(_output, "1.2.3");
    }

    [Theory]
    [InlineData("POST", 1, "Create")]
    [InlineData("GET", 2, "Read")]
    [InlineData("HEAD", 2, "Read")]
    [InlineData("PUT", 3, "Update")]
    [InlineData("PATCH", 3, "Update")]
    [InlineData("DELETE", 4, "Delete")]
    [InlineData("OPTIONS", 99, "OPTIONS")]
    [InlineData("PROPFIND", 99, "PROPFIND")]
    public void Write_AllowedCall_IsApiActivityOfItsKind(string method, int activity, string name)
    {
        var call = Calls.Allowed(method);
        var root = Write(call);
        Assert.Equal(6003, root.GetProperty("class_uid").GetInt32());
        Assert.Equal(activity, root.GetProperty("activity_id").GetInt32());
        Assert.Equal(600300 + activity, root.GetProperty("type_uid").GetInt32());
        Assert.Equal(name, root.GetProperty("activity_name").GetString());
        AssertVerdict(root, action: 1, disposition: 1, status: 1, severity: 1);
        Assert.Equal("200", root.GetProperty("status_code").GetString());
        Assert.Equal(method != "PROPFIND", root.GetProperty("http_request").TryGetProperty("http_method", out _));
        Assert.Equal(method == "PROPFIND", Unmapped(root).TryGetProperty("method", out _));
    }

    [Fact]
    public void Write_AllowedCall_SaysWhoWhatWhyAndWithWhat()
    {
        var call = Calls.Allowed("POST", 201);
        var root = Write(call, sequence: 42);

        Assert.Equal(call.Agent, root.GetProperty("actor").GetProperty("app_uid").GetString());
        var session = root.GetProperty("actor").GetProperty("session");
        Assert.Equal(call.TokenId, session.GetProperty("credential_uid").GetString());
        Assert.Equal(call.Issuer, session.GetProperty("issuer").GetString());
        Assert.Equal(call.TokenExpiresAt!.Value.ToUnixTimeMilliseconds(), session.GetProperty("expiration_time").GetInt64());

        var api = root.GetProperty("api");
        Assert.Equal("issues.create", api.GetProperty("operation").GetString());
        Assert.Equal("github", api.GetProperty("service").GetProperty("name").GetString());
        Assert.Equal("sensitivity:internal", api.GetProperty("service").GetProperty("labels")[0].GetString());
        Assert.Equal(call.Call, api.GetProperty("request").GetProperty("uid").GetString());
        Assert.Equal(201, api.GetProperty("response").GetProperty("code").GetInt32());
        var token = api.GetProperty("token");
        Assert.Equal(call.Lease, token.GetProperty("uid").GetString());
        Assert.Equal(7, token.GetProperty("type_id").GetInt32());
        Assert.Equal(call.LeaseIssuedAt!.Value.ToUnixTimeMilliseconds(), token.GetProperty("created_time").GetInt64());
        Assert.Equal(call.LeaseExpiresAt!.Value.ToUnixTimeMilliseconds(), token.GetProperty("expiration_time").GetInt64());

        Assert.Equal("billing-may-write-issues", root.GetProperty("policy").GetProperty("uid").GetString());
        Assert.Equal(call.PolicyVersion, root.GetProperty("policy").GetProperty("version").GetString());
        Assert.True(root.GetProperty("policy").GetProperty("is_applied").GetBoolean());
        var authorizations = root.GetProperty("authorizations");
        Assert.Equal(2, authorizations.GetArrayLength());
        Assert.Equal("scm-read", authorizations[1].GetProperty("policy").GetProperty("uid").GetString());
        Assert.Equal("allow", authorizations[1].GetProperty("decision").GetString());

        var url = root.GetProperty("http_request").GetProperty("url");
        Assert.Equal("/repos/acme/billing%2Fold/issues", url.GetProperty("path").GetString());
        Assert.Equal("api.github.com", url.GetProperty("hostname").GetString());
        Assert.Equal(443, url.GetProperty("port").GetInt32());
        Assert.Equal("10.8.3.17", root.GetProperty("src_endpoint").GetProperty("ip").GetString());
        Assert.Equal(51544, root.GetProperty("src_endpoint").GetProperty("port").GetInt32());
        Assert.Equal("api.github.com", root.GetProperty("dst_endpoint").GetProperty("hostname").GetString());
        Assert.Equal(call.TraceId, root.GetProperty("trace").GetProperty("uid").GetString());

        Assert.Equal(Calls.Start.ToUnixTimeMilliseconds(), root.GetProperty("time").GetInt64());
        Assert.Equal(12, root.GetProperty("duration").GetInt64());
        var metadata = root.GetProperty("metadata");
        Assert.Equal("1.8.0", metadata.GetProperty("version").GetString());
        Assert.Equal(call.Call, metadata.GetProperty("uid").GetString());
        Assert.Equal(42, metadata.GetProperty("sequence").GetInt64());
        Assert.Equal(["security_control", "trace"], metadata.GetProperty("profiles").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal("1.2.3", metadata.GetProperty("product").GetProperty("version").GetString());
        Assert.False(metadata.TryGetProperty("is_truncated", out _));

        var unmapped = Unmapped(root);
        Assert.Equal(call.DecisionId, unmapped.GetProperty("decision_id").GetString());
        Assert.Equal("github-app", unmapped.GetProperty("credential").GetString());
        Assert.Equal(call.LeaseFingerprint, unmapped.GetProperty("lease_fingerprint").GetString());
        Assert.Equal("repo", unmapped.GetProperty("lease_scope").GetString());
        Assert.Equal("open an issue", unmapped.GetProperty("intent").GetString());
        Assert.Equal(["owner", "repo"], unmapped.GetProperty("parameters").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal(12.345m, unmapped.GetProperty("milliseconds").GetProperty("total").GetDecimal());
        Assert.Equal(11m, unmapped.GetProperty("milliseconds").GetProperty("upstream").GetDecimal());
        Assert.Equal(1.345m, unmapped.GetProperty("milliseconds").GetProperty("gateway").GetDecimal());
    }

    [Fact]
    public void Write_UntracedCall_ClaimsNoTraceProfile()
    {
        var root = Write(Calls.Refused("policy_denied", 403));
        Assert.False(root.TryGetProperty("trace", out _));
        Assert.Equal(["security_control"], root.GetProperty("metadata").GetProperty("profiles").EnumerateArray().Select(p => p.GetString()));
    }

    [Theory]
    [InlineData("policy_denied", 403, 2, 2, 3)]
    [InlineData("approval_required", 403, 2, 23, 2)]
    [InlineData("agent_suspended", 403, 2, 2, 3)]
    [InlineData("task_required", 403, 2, 2, 2)]
    [InlineData("task_unknown", 403, 2, 2, 2)]
    [InlineData("task_ended", 403, 2, 2, 2)]
    [InlineData("tool_unknown", 404, 2, 2, 2)]
    [InlineData("operation_unknown", 404, 2, 2, 2)]
    [InlineData("destination_forbidden", 403, 2, 2, 3)]
    [InlineData("request_malformed", 400, 2, 2, 2)]
    [InlineData("request_too_large", 413, 2, 2, 2)]
    [InlineData("rate_limited", 429, 2, 2, 2)]
    [InlineData("credential_unavailable", 503, 2, 27, 4)]
    [InlineData("audit_unavailable", 503, 2, 27, 4)]
    [InlineData("state_unavailable", 503, 2, 27, 4)]
    [InlineData("upstream_unreachable", 502, 1, 27, 2)]
    [InlineData("upstream_timeout", 504, 1, 27, 2)]
    [InlineData("a_reason_of_tomorrow", 403, 2, 2, 2)]
    public void Write_RefusedCall_IsValidWithItsDisposition(string reason, int status, int action, int disposition, int severity)
    {
        // Some of these come before an agent, a tool or a destination is known.
        foreach (var call in new[] { Calls.Refused(reason, status), Calls.Unidentified(reason, status, claimed: null) })
        {
            var root = Write(call);
            Assert.Equal(6003, root.GetProperty("class_uid").GetInt32());
            AssertVerdict(root, action, disposition, status: 2, severity);
            Assert.Equal(reason, root.GetProperty("status_code").GetString());
            Assert.Equal(reason, root.GetProperty("api").GetProperty("response").GetProperty("error").GetString());
            Assert.Equal(reason, Unmapped(root).GetProperty("reason").GetString());
            Assert.Equal(status, root.GetProperty("http_response").GetProperty("code").GetInt32());
            Assert.False(root.GetProperty("api").TryGetProperty("token", out _));
        }
    }

    [Theory]
    [InlineData("task_ended", 24, "Access Revoked", 3)]
    [InlineData("agent_suspended", 24, "Access Revoked", 3)]
    [InlineData("upstream_unreachable", 27, "Error", 2)]
    [InlineData("request_malformed", 27, "Error", 2)]
    [InlineData("request_too_large", 27, "Error", 2)]
    public void Write_CallCutOffAfterItWasForwarded_WasAllowed(string reason, int disposition, string name, int severity)
    {
        var root = Write(Ended(reason, "allow", forwarded: true, interrupted: false));
        AssertVerdict(root, action: 1, disposition, status: 2, severity);
        Assert.Equal(("Allowed", name), (root.GetProperty("action").GetString(), root.GetProperty("disposition").GetString()));
    }

    [Theory]
    [InlineData(null, false, 2)]
    [InlineData("deny", false, 2)]
    [InlineData("allow", false, 1)]
    [InlineData("allow", true, 1)]
    [InlineData("deny", true, 1)] // policy only watches
    public void Write_InterruptedCall_WasAllowedOnlyWhereItWasDecidedOrForwarded(string? decision, bool forwarded, int action) =>
        AssertVerdict(Write(Ended(null, decision, forwarded, interrupted: true)), action, disposition: 27, status: 2, severity: 2);

    [Fact]
    public void Write_DeniedWithoutPolicy_NamesTheDefault()
    {
        var root = Write(Calls.Refused("policy_denied", 403));
        Assert.Equal("default deny", root.GetProperty("policy").GetProperty("name").GetString());
        Assert.False(root.TryGetProperty("authorizations", out _));
        Assert.Equal("DELETE", root.GetProperty("api").GetProperty("operation").GetString());
    }

    [Fact]
    public void Write_UpstreamAnswersWithAnError_IsAllowedAndFailed()
    {
        AssertVerdict(Write(Calls.Allowed("GET", 404)), action: 1, disposition: 1, status: 2, severity: 1);
    }

    [Theory]
    [InlineData("identity_missing", null, 2)]
    [InlineData("identity_invalid", null, 3)]
    [InlineData("identity_invalid", "dev:intruder", 3)]
    [InlineData("proof_required", "spiffe://example.org/agent/billing", 3)]
    public void Write_RefusedIdentity_IsAuthenticationFailure(string reason, string? claimed, int severity)
    {
        var root = Write(Calls.Unidentified(reason, 401, claimed));
        Assert.Equal(3002, root.GetProperty("class_uid").GetInt32());
        Assert.Equal(300201, root.GetProperty("type_uid").GetInt32());
        Assert.Equal(2, root.GetProperty("status_id").GetInt32());
        Assert.Equal(severity, root.GetProperty("severity_id").GetInt32());
        Assert.Equal(reason, root.GetProperty("status_code").GetString());
        Assert.Equal("SignatureInvalid", root.GetProperty("status_detail").GetString());
        Assert.Equal(claimed, root.GetProperty("user").TryGetProperty("uid", out var uid) ? uid.GetString() : null);
        Assert.False(root.TryGetProperty("actor", out _));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", Unmapped(root).GetProperty("trace").GetString());
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:6666")]
    [InlineData("1111:1111:1111:1111:0:5efe:255.255.255.255", "1111:1111:1111:1111:0:5efe:ffff:ffff")]
    [InlineData("::1.2.3.4", "::1.2.3.4")]
    public void Write_SourceAddress_FitsTheSchema(string address, string expected)
    {
        var call = new CallRecord
        {
            Call = "c",
            StartedAt = Calls.Start,
            Duration = default,
            Status = 200,
            Method = "GET",
            Path = "/",
            HttpVersion = "2",
            SourceIp = IPAddress.Parse(address),
            Destination = new Uri($"http://[{IPAddress.Parse(address).MapToIPv6()}]:8080"),
        };
        Assert.Equal(expected, Write(call).GetProperty("src_endpoint").GetProperty("ip").GetString());
    }

    public static TheoryData<string> Hostile =>
    [
        "a\r\nb", "a\nb", "a\0b", "a\u2028b\u2029c", "\u0085\u000b\u000c", "\ud800", "x\udc00y", "\udfff\ud800", "\"},{\"forged\":true}",
        "\\\"\\\\", "\u001b[31m", "</script><script>", "{\"class_uid\":6003}\n{\"class_uid\":6003}", new string('\u2028', 1_000_000), new string('x', 1_000_000),
    ];

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void Write_HostileValueEverywhere_StaysOneBoundedValidLine(string value)
    {
        foreach (var reason in new[] { null, "policy_denied", "identity_invalid", value })
        {
            var root = Write(Everywhere(value, reason), maximumLength: 400_000);
            Assert.Equal(value.Length > OcsfLimits.Token, root.GetProperty("metadata").TryGetProperty("is_truncated", out _));
        }
    }

    [Fact]
    public void Write_LongestOfEverything_LosesNothingSilently()
    {
        var many = Enumerable.Range(0, 1000).Select(i => $"p{i}").ToArray();
        var call = new CallRecord
        {
            Call = "c",
            StartedAt = Calls.Start,
            Duration = default,
            Status = 403,
            Method = "GET",
            Path = "/",
            HttpVersion = "2",
            SourceIp = IPAddress.Loopback,
            Reason = "policy_denied",
            Decision = "deny",
            Policies = many,
        };
        var root = Write(call);
        Assert.Equal(OcsfLimits.Items, root.GetProperty("authorizations").GetArrayLength());
        Assert.True(root.GetProperty("metadata").GetProperty("is_truncated").GetBoolean());
    }

    [Fact]
    public void Write_CutBetweenSurrogates_DropsTheHalf()
    {
        var call = new CallRecord
        {
            Call = "c",
            StartedAt = Calls.Start,
            Duration = default,
            Status = 200,
            Method = "GET",
            HttpVersion = "2",
            SourceIp = IPAddress.Loopback,
            Path = new string('x', OcsfLimits.Path - 1) + "\U0001F600",
        };
        Assert.Equal(new string('x', OcsfLimits.Path - 1), Write(call).GetProperty("http_request").GetProperty("url").GetProperty("path").GetString());
    }

    internal static CallRecord Everywhere(string value, string? reason) => new()
    {
        Call = value,
        StartedAt = Calls.Start,
        Duration = TimeSpan.FromSeconds(1),
        Reason = reason,
        Detail = value,
        Status = 403,
        Agent = value,
        ClaimedAgent = value,
        Issuer = value,
        IdentityMethod = value,
        TokenId = value,
        Tool = value,
        ToolLabels = [value, value],
        Operation = value,
        Method = value,
        Path = value,
        ParameterNames = [value],
        HttpVersion = value,
        SourceIp = IPAddress.Loopback,
        SourcePort = 1,
        Decision = value,
        Policies = [value],
        PolicyErrors = [value],
        PolicyVersion = value,
        PolicyMode = value,
        Credential = value,
        Lease = value,
        LeaseFingerprint = value,
        LeaseScope = value,
        Intent = value,
        TraceId = value,
    };

    private static CallRecord Ended(string? reason, string? decision, bool forwarded, bool interrupted) => new()
    {
        Call = "c",
        StartedAt = Calls.Start,
        Duration = default,
        Status = 499,
        Reason = reason,
        Decision = decision,
        Forwarded = forwarded,
        Interrupted = interrupted,
        Method = "GET",
        Path = "/",
        HttpVersion = "2",
        SourceIp = IPAddress.Loopback,
    };

    private static JsonElement Unmapped(JsonElement root) => root.GetProperty("unmapped").GetProperty("gateway");

    private static void AssertVerdict(JsonElement root, int action, int disposition, int status, int severity)
    {
        Assert.Equal(action, root.GetProperty("action_id").GetInt32());
        Assert.Equal(disposition, root.GetProperty("disposition_id").GetInt32());
        Assert.Equal(status, root.GetProperty("status_id").GetInt32());
        Assert.Equal(severity, root.GetProperty("severity_id").GetInt32());
    }

    private JsonElement Write(CallRecord call, long sequence = 1, int maximumLength = 16_384)
    {
        _output.CutTo(0);
        _writer.Write(call, sequence, Calls.Start.AddMilliseconds(13));
        var line = Encoding.UTF8.GetString(_output.Written);
        Assert.InRange(line.Length, 1, maximumLength);
        Assert.Equal(line.Length - 1, line.IndexOf('\n'));
        Assert.All(line[..^1], character => Assert.InRange(character, ' ', '~'));
        Assert.Empty(OcsfSchemas.Validate(line));
        return JsonDocument.Parse(line).RootElement;
    }
}
