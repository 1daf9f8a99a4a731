using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.AgentApi;

/// <summary>What the gateway answers agents themselves, and what it records of that.</summary>
public sealed class WhoamiTests : IAsyncLifetime
{
    private const string Policies = """
        permit (principal in AgentGroup::"readers", action in Action::"read", resource == Tool::"notes");
        permit (principal, action == Action::"notes/notes.create", resource) when { context.params has id && context.request.path like "/x*" };
        permit (principal, action == Action::"notes/notes.delete", resource) when { principal.labels has admin && context.request.path like "/x*" };
        forbid (principal, action, resource == Tool::"notes") when { context.request.path like "/secret*" };
        permit (principal, action, resource == Tool::"other");
        forbid (principal, action, resource == Tool::"other") unless { principal.labels has admin };
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();
    private InProcessGateway _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _gateway = await StartAsync("Enforce");

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Whoami_RegisteredAgent_LearnsWhoItIsAndWhatItCouldCall()
    {
        using var response = await _gateway.GetAsync("/.gateway/whoami", _issuer.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoStore);
        var answer = await ReadAsync(response);
        Assert.Equal(
            ["agent", "issuer", "method", "proofOfPossession", "expiresAt", "groups", "labels", "task", "tools"],
            answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal("dev:worker", answer.Text("agent"));
        Assert.Equal("dev", answer.Text("issuer"));
        Assert.Equal("jwt", answer.Text("method"));
        Assert.False(answer.GetProperty("proofOfPossession").GetBoolean());
        Assert.InRange(answer.GetProperty("expiresAt").GetDateTimeOffset(), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(11));
        Assert.Equal("""["readers"]""", answer.GetProperty("groups").GetRawText());
        Assert.Equal("""{"environment":"test"}""", answer.GetProperty("labels").GetRawText());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("task").ValueKind);

        // notes.create hangs on the request, notes.delete and the tool "other" do not; no policy permits a DELETE of nothing in particular.
        Assert.Equal("""[{"name":"notes","path":"/notes","operations":["notes.create","notes.list"]}]""", answer.GetProperty("tools").GetRawText());
    }

    [Fact]
    public async Task Whoami_ToolThatTakesAnyRequest_ListsItsMethods()
    {
        using var response = await _gateway.GetAsync("/.gateway/whoami", _issuer.Token("admin"));

        var tools = (await ReadAsync(response)).GetProperty("tools");
        Assert.Equal(["notes", "other"], tools.EnumerateArray().Select(t => t.Text("name")));
        Assert.Equal(["notes.create", "notes.delete"], Operations(tools[0]));
        Assert.Equal(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"], Operations(tools[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whoami_StrangerToPolicy_SeesOnlyWhatIsForEverybody()
    {
        using var response = await _gateway.GetAsync("/.gateway/whoami", _issuer.Token("stranger"));

        var answer = await ReadAsync(response);
        Assert.Equal("[]", answer.GetProperty("groups").GetRawText());
        Assert.Equal("{}", answer.GetProperty("labels").GetRawText());
        Assert.Equal(["notes.create"], Operations(Assert.Single(answer.GetProperty("tools").EnumerateArray())));
    }

    [Fact]
    public async Task Whoami_PolicyOnlyObserved_ListsEverything()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync("Observe", folder);

        using var response = await gateway.GetAsync("/.gateway/whoami", _issuer.Token("stranger"));

        Assert.Equal(["notes", "other"], (await ReadAsync(response)).GetProperty("tools").EnumerateArray().Select(t => t.Text("name")));
    }

    [Fact]
    public async Task Whoami_Answered_IsRecordedAsACallWithoutATool()
    {
        using var response = await _gateway.GetAsync("/.gateway/whoami?x=secret", _issuer.Token());

        var logged = await RecordAsync(response);
        Assert.Equal((CallLog.ApiActivity, "dev:worker", null, "whoami", 200), (logged.ClassUid(), logged.Agent(), logged.Tool(), logged.Operation(), logged.Status()));
        Assert.Equal(("Allowed", false), (logged.Disposition(), logged.Forwarded()));
        Assert.Equal("/.gateway/whoami", logged.Text("http_request", "url", "path"));
    }

    [Theory]
    [InlineData(null, "identity_missing")]
    [InlineData("expired", "identity_invalid")]
    public async Task Whoami_IdentityRefused_IsAnsweredAndRecordedAsEverywhere(string? fault, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.gateway/whoami");
        if (fault is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.TokenWith("exp", 1));
        }

        using var response = await _gateway.Client.SendAsync(request, Stop);

        await Problem.AssertAsync(response, HttpStatusCode.Unauthorized, reason, Stop);
        var logged = await RecordAsync(response);
        Assert.Equal((CallLog.Authentication, reason), (logged.ClassUid(), logged.Reason()));
    }

    [Theory]
    [InlineData("GET", "/.gateway", 404, "operation_unknown")]
    [InlineData("GET", "/.gateway/", 404, "operation_unknown")]
    [InlineData("GET", "/.gateway/nothing", 404, "operation_unknown")]
    [InlineData("GET", "/.gateway/whoami/more", 404, "operation_unknown")]
    [InlineData("POST", "/.gateway/whoami", 405, "operation_unknown")]
    [InlineData("DELETE", "/.gateway/whoami", 405, "operation_unknown")]
    [InlineData("GET", "/.gateway/Whoami", 404, "operation_unknown")]
    [InlineData("GET", "/.gateway/whoami/", 404, "operation_unknown")]
    [InlineData("GET", "/.gateway/a%2fwhoami", 400, "request_malformed")]
    [InlineData("GET", "/.gatewaywhoami", 404, "tool_unknown")]
    [InlineData("GET", "/.Gateway/whoami", 404, "tool_unknown")]
    public async Task AgentApi_WhatItDoesNotAnswer_IsRefusedAndRecorded(string method, string path, int status, string reason)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.Token());

        using var response = await _gateway.Client.SendAsync(request, Stop);

        await Problem.AssertAsync(response, (HttpStatusCode)status, reason, Stop);
        Assert.Equal(status == 405 ? "GET" : "", string.Join(",", response.Content.Headers.Allow));
        var logged = await RecordAsync(response);
        Assert.Equal((CallLog.ApiActivity, reason, status), (logged.ClassUid(), logged.Reason(), logged.Status()));
    }

    [Theory]
    [InlineData("ended", "NotAfter")]
    [InlineData("nobody", "RegisteredOnly")]
    public async Task Registry_EndedOrUnknownAgent_IsRefusedAndTheRecordSaysWhy(string subject, string detail)
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync("Enforce", folder, registeredOnly: true);

        using var served = await gateway.GetAsync("/.gateway/whoami", _issuer.Token());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        using var response = await gateway.GetAsync("/.gateway/whoami", _issuer.Token(subject));

        await Problem.AssertAsync(response, HttpStatusCode.Unauthorized, "identity_invalid", Stop);
        var logged = await new CallLog(folder.Combine("audit")).SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.Authentication, $"dev:{subject}"), (logged.ClassUid(), logged.Text("user", "uid")));
        Assert.Contains(detail, logged.Text("status_detail"), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(Stop));

    private static IEnumerable<string?> Operations(JsonElement tool) => tool.GetProperty("operations").EnumerateArray().Select(o => o.GetString());

    private Task<JsonElement> RecordAsync(HttpResponseMessage response) => new CallLog(_folder.Combine("audit")).SingleAsync(response.CallId(), Stop);

    private Task<InProcessGateway> StartAsync(string mode, TemporaryFolder? folder = null, bool registeredOnly = false)
    {
        folder ??= _folder;
        return InProcessGateway.StartAsync(folder, new GatewaySetup
        {
            Identity = new
            {
                Issuers = new Dictionary<string, object>
                {
                    ["dev"] = new { Issuer = WorkloadIssuer.Url, Audiences = new[] { "gateway" }, JwksFile = folder.Write("jwks.json", _issuer.KeySet()) },
                },
                Agents = new Dictionary<string, object>
                {
                    ["dev:worker"] = new { Groups = new[] { "readers" }, Labels = new { environment = "test" }, Owner = "tests", NotAfter = "2099-12-31" },
                    ["dev:admin"] = new { Labels = new { admin = "yes" } },
                    ["dev:ended"] = new { NotAfter = "2020-01-01" },
                },
                RegisteredOnly = registeredOnly,
            },
            PolicyMode = mode,
            Tools = new Dictionary<string, object>
            {
                ["notes"] = new
                {
                    Path = "/notes",
                    Upstream = "http://127.0.0.1:9",
                    Credential = "key",
                    Operations = new Dictionary<string, string> { ["notes.list"] = "GET /notes", ["notes.create"] = "POST /notes", ["notes.delete"] = "DELETE /notes/{id}" },
                    OnlyOperations = true,
                },
                ["other"] = new { Path = "/other", Upstream = "http://127.0.0.1:9", Credential = "key" },
            },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{folder.Write("key", "value")}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = Policies,
        });
    }
}
