using System.Buffers.Text;
using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Tasks;

namespace Gateway.Tests.Admin;

/// <summary>What operators may ask, with which token, and what they are answered.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AdminApiTests : IAsyncLifetime
{
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Start_First_MakesATokenThatOnlyTheGatewaysUserReads()
    {
        var file = Path.Combine(_scene.Data, "admin-token");
        var token = await File.ReadAllTextAsync(file, Stop);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_scene.Data, "audit-key.pem")));

        await _scene.RestartAsync();

        Assert.Equal(token, await File.ReadAllTextAsync(file, Stop));
        Assert.Equal(43, token.Trim().Length);
    }

    [Theory]
    [InlineData("GET", "/v1/tasks")]
    [InlineData("POST", "/v1/tasks")]
    [InlineData("GET", "/v1/tasks/0")]
    [InlineData("POST", "/v1/tasks/0/end")]
    [InlineData("GET", "/v1/tasks/0/receipt")]
    [InlineData("GET", "/v1/agents")]
    [InlineData("POST", "/v1/agents/suspend")]
    [InlineData("POST", "/v1/agents/resume")]
    [InlineData("GET", "/v1/leases")]
    [InlineData("POST", "/v1/leases/0/revoke")]
    [InlineData("GET", "/v1/calls")]
    [InlineData("GET", "/v1/calls/0")]
    [InlineData("GET", "/v1/calls/stream")]
    [InlineData("GET", "/v1/policies")]
    [InlineData("POST", "/v1/policies/evaluate")]
    [InlineData("GET", "/v1/nothing")]
    public async Task AnyEndpoint_WithoutTheToken_Is401(string method, string path)
    {
        foreach (var token in new[] { "wrong", _scene.Issuer.Token() })
        {
            using var response = await _scene.AdminAsync(new HttpMethod(method), path, token: token);
            await AssertProblemAsync(response, HttpStatusCode.Unauthorized, "identity_invalid");
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        }

        using var none = await _scene.Gateway.Admin.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
    }

    [Theory]
    [InlineData("/v1/tasks")]
    [InlineData("/v1/tasks/00000000000000000000000000000000/end")]
    [InlineData("/v1/agents/suspend")]
    [InlineData("/v1/agents/resume")]
    [InlineData("/v1/policies/evaluate")]
    public async Task AnyRequest_BodyOverTheBound_IsTooLarge(string path)
    {
        using var response = await _scene.AdminAsync(HttpMethod.Post, path, new { x = new string('x', 64 * 1024) });

        await AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "request_too_large");
    }

    [Theory]
    [InlineData("/v1/tasks")]
    [InlineData("/healthz/ready")]
    public async Task AdminPath_OnTheAgentsListener_IsNotThere(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {(await File.ReadAllTextAsync(Path.Combine(_scene.Data, "admin-token"), Stop)).Trim()}");
        request.Headers.Add("Gateway-Identity", _scene.Issuer.Token());

        using var response = await _scene.Gateway.Client.SendAsync(request, Stop);

        await TaskScene.AssertRefusedAsync(response, "tool_unknown", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/v1/tasks", """{"purpose":"p"}""", "'agent'")]
    [InlineData("/v1/tasks", """{"agent":"nobody","purpose":"p"}""", "'agent'")]
    [InlineData("/v1/tasks", """{"agent":"dev:worker","purpose":"p","lifetime":"2h"}""", "'lifetime'")]
    [InlineData("/v1/tasks", """{"agent":"dev:worker","purpose":"p","user":""}""", "'user'")]
    [InlineData("/v1/tasks", """{"agent":"dev:worker","purpose":"p","priority":1}""", "member")]
    [InlineData("/v1/agents/suspend", """{"agent":"dev:worker"}""", "'reason'")]
    [InlineData("/v1/agents/suspend", """{"agent":7,"reason":"r"}""", "'agent'")]
    [InlineData("/v1/policies/evaluate", """{"agent":"dev:worker"}""", "tool")]
    public async Task Post_RequestThatIsWrong_SaysWhatToWriteInstead(string path, string body, string named)
    {
        using var response = await _scene.AdminAsync(HttpMethod.Post, path, JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Contains(named, (await AssertProblemAsync(response, HttpStatusCode.BadRequest, "request_malformed")).Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/tasks/00000000000000000000000000000000")]
    [InlineData("GET", "/v1/tasks/00000000000000000000000000000000/receipt")]
    [InlineData("POST", "/v1/tasks/00000000000000000000000000000000/end")]
    [InlineData("POST", "/v1/leases/00000000000000000000000000000000/revoke")]
    [InlineData("GET", "/v1/nothing")]
    public async Task Unknown_Thing_Is404(string method, string path)
    {
        using var response = await _scene.AdminAsync(new HttpMethod(method), path);

        await AssertProblemAsync(response, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Task_OfAnOperator_IsTheAgentsWithItsUser()
    {
        var task = await _scene.AdminPostAsync(
            "/v1/tasks", new { agent = "dev:worker", purpose = "books", lifetime = "5m", tools = new[] { "api" }, user = "alice" }, HttpStatusCode.Created);
        var id = task.Text("id")!;
        using var call = await _scene.CallAsync("/api/x", id);

        var shown = await _scene.AdminGetAsync($"/v1/tasks/{id}");
        var listed = Assert.Single((await _scene.AdminGetAsync("/v1/tasks?agent=dev:worker&status=running")).GetProperty("tasks").EnumerateArray());
        using var early = await _scene.AdminAsync(HttpMethod.Get, $"/v1/tasks/{id}/receipt");

        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        Assert.Equal(listed.GetRawText(), shown.GetRawText());
        Assert.Equal(("alice", "running", 1), (shown.Text("user"), shown.Text("status"), shown.GetProperty("calls").GetInt32()));
        Assert.Empty((await _scene.AdminGetAsync("/v1/tasks?status=ended")).GetProperty("tasks").EnumerateArray());
        await AssertProblemAsync(early, HttpStatusCode.Conflict, "conflict");
        var started = await _scene.Log.SingleEntityAsync("Activate", Stop);
        Assert.Equal("admin-token", started.Text("actor", "app_uid"));
    }

    [Fact]
    public async Task Receipt_OfATask_IsSignedAndOutlivesARestart()
    {
        var id = await _scene.StartTaskAsync();
        using var call = await _scene.CallAsync("/api/x", id);
        using var strict = await _scene.CallAsync("/strict/x", id);

        var receipt = await _scene.AdminPostAsync($"/v1/tasks/{id}/end", new { reason = "killed" });

        Assert.Equal(
            ["task", "agent", "purpose", "startedAt", "endedAt", "reason", "detail", "leases", "asOf", "signature"],
            receipt.EnumerateObject().Select(p => p.Name));
        Assert.Equal((id, "killed", "Ended by admin-token."), (receipt.Text("task"), receipt.Text("reason"), receipt.Text("detail")));
        var leases = receipt.GetProperty("leases").EnumerateArray().ToArray();
        Assert.Equal(["partner confirmed 1", "key unsupported 1"], leases.Select(l => $"{l.Text("credential")} {l.Text("revocation")} {l.GetProperty("uses").GetInt64()}"));
        Assert.All(leases, l => Assert.True(l.TryGetProperty("id", out _) && l.TryGetProperty("issuedAt", out _), l.GetRawText()));
        AssertSigned(receipt);
        var end = await _scene.EndOfAsync(id);
        Assert.Equal(("admin-token", "dev:worker"), (end.Text("actor", "app_uid"), end.Text("entity", "data", "agent")));

        await _scene.RestartAsync();

        var later = await _scene.AdminGetAsync($"/v1/tasks/{id}/receipt");
        AssertSigned(later);
        static string[] Lasting(JsonElement r) => [.. r.EnumerateObject().Where(p => p.Name is not ("asOf" or "signature")).Select(p => p.ToString())];
        Assert.Equal(Lasting(receipt), Lasting(later));
        Assert.Equal("ended", (await _scene.AdminGetAsync($"/v1/tasks/{id}")).Text("status"));
    }

    [Fact]
    public async Task Leases_Live_AreListedAndRevoked()
    {
        var id = await _scene.StartTaskAsync();
        using var call = await _scene.CallAsync("/api/x", id);
        var lease = Assert.Single((await _scene.AdminGetAsync($"/v1/leases?task={id}&state=live")).GetProperty("leases").EnumerateArray());

        Assert.Equal(("dev:worker", id, "api", "partner"), (lease.Text("agent"), lease.Text("task"), lease.Text("tool"), lease.Text("credential")));
        Assert.DoesNotContain("token-1", lease.GetRawText(), StringComparison.Ordinal);
        var revoked = await _scene.AdminPostAsync($"/v1/leases/{lease.Text("id")}/revoke", new { });
        using var next = await _scene.CallAsync("/api/x", id);

        Assert.Equal("queued", revoked.Text("revocation"));
        Assert.Equal(["Bearer token-1", "Bearer token-2"], _scene.Upstream.Requests.Select(r => r.Value("Authorization")));
        await Eventually.TrueAsync(() => Task.FromResult(_scene.Revoked.Contains("token-1")), () => "The token was not revoked.", Stop);
        var logged = await _scene.Log.SingleEntityAsync("Delete", Stop);
        Assert.Equal((lease.Text("id"), "admin-token", "confirmed"), (logged.Text("entity", "uid"), logged.Text("actor", "app_uid"), logged.Text("status_detail")));
    }

    [Fact]
    public async Task Leases_Owed_AreListedAsSuch()
    {
        var id = await _scene.StartTaskAsync();
        using var call = await _scene.CallAsync("/api/x", id);
        _scene.IsDown = true;
        await _scene.EndTaskAsync(id);

        var owed = Assert.Single((await _scene.AdminGetAsync("/v1/leases?state=owed")).GetProperty("leases").EnumerateArray());

        Assert.Equal((id, "owed"), (owed.Text("task"), owed.Text("state")));
        Assert.True(owed.GetProperty("attempts").GetInt32() > 0);
        Assert.Empty((await _scene.AdminGetAsync("/v1/leases?state=live")).GetProperty("leases").EnumerateArray());
        var demanded = await _scene.AdminPostAsync($"/v1/leases/{owed.Text("id")}/revoke", new { });
        Assert.Equal(("queued", owed.Text("expiresAt")), (demanded.Text("revocation"), demanded.Text("residualExpiry")));
    }

    [Fact]
    public async Task Leases_ThatNothingEnds_AreRevokedAsUnsupported()
    {
        var id = await _scene.StartTaskAsync();
        using var call = await _scene.CallAsync("/strict/x", id);
        var lease = Assert.Single((await _scene.AdminGetAsync($"/v1/leases?task={id}")).GetProperty("leases").EnumerateArray());

        var revoked = await _scene.AdminPostAsync($"/v1/leases/{lease.Text("id")}/revoke", new { });

        Assert.Equal("unsupported", revoked.Text("revocation"));
        Assert.StartsWith("2099-12-31T23:59:59", revoked.Text("residualExpiry"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_ThatHaveCalled_AreListed()
    {
        using var call = await _scene.CallAsync("/api/x", await _scene.StartTaskAsync());

        var agent = Assert.Single((await _scene.AdminGetAsync("/v1/agents")).GetProperty("agents").EnumerateArray());

        Assert.Equal(("dev:worker", 1), (agent.Text("id"), agent.GetProperty("tasks").GetInt32()));
        Assert.False(agent.GetProperty("suspended").GetBoolean());
        using var resume = await _scene.AdminAsync(HttpMethod.Post, "/v1/agents/resume", new { agent = "dev:worker" });
        await AssertProblemAsync(resume, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Policies_AreListedAndEvaluated()
    {
        var policies = await _scene.AdminGetAsync("/v1/policies");
        var denied = await _scene.AdminPostAsync("/v1/policies/evaluate", new { agent = "dev:worker", tool = "api", method = "GET", path = "/denied" });

        Assert.Equal(6, policies.GetProperty("policies").GetArrayLength());
        Assert.Contains(policies.GetProperty("policies").EnumerateArray(), p => p.Text("id") == "deviation" && p.Text("effect") == "forbid");
        Assert.Equal("deny", denied.Text("decision"));
        Assert.Empty(_scene.Upstream.Requests);
    }

    private void AssertSigned(JsonElement receipt)
    {
        var parts = receipt.Text("signature")!.Split('.');
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(_scene.Data, "audit-key.pub")));
        Assert.Equal(3, parts.Length);
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256), "The signature does not verify.");
        var signed = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1]));
        var unsigned = receipt.EnumerateObject().Where(p => p.Name != "signature").ToDictionary(p => p.Name, p => p.Value.GetRawText());
        Assert.Equal(unsigned, signed.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText()));
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string reason)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await TaskScene.ReadAsync(response, status);
        Assert.Equal(reason, problem.Text("reason"));
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
