using System.Net;
using Gateway.Core.Tasks;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;
using Gateway.Tests.Tasks;

namespace Gateway.Tests.AgentApi;

/// <summary>An agent's own tasks: started, used, ended, and nobody else's.</summary>
public sealed class TaskEndpointTests : IAsyncLifetime
{
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Start_Purpose_IsATaskWithTheDefaultsLife()
    {
        using var response = await _scene.PostAsync("/.gateway/tasks", """{"purpose":"close the books","tools":["api"]}""");
        var task = await TaskScene.ReadAsync(response, HttpStatusCode.Created);

        Assert.Equal(
            ["id", "agent", "purpose", "startedAt", "expiresAt", "tools", "chain", "depth", "status", "calls"],
            task.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^[0-9a-f]{32}$", task.Text("id"));
        Assert.Equal($"/.gateway/tasks/{task.Text("id")}", response.Headers.Location?.ToString());
        Assert.Equal(("dev:worker", "close the books", "running"), (task.Text("agent"), task.Text("purpose"), task.Text("status")));
        Assert.Equal(TimeSpan.FromMinutes(15), task.GetProperty("expiresAt").GetDateTimeOffset() - task.GetProperty("startedAt").GetDateTimeOffset());
        Assert.Equal("""["dev:worker"]""", task.GetProperty("chain").GetRawText());
        var logged = await _scene.Log.SingleEntityAsync("Activate", Stop);
        Assert.Equal((task.Text("id"), "dev:worker", "Agent Task"), (logged.Text("entity", "uid"), logged.Text("actor", "app_uid"), logged.Text("entity", "type")));
    }

    [Theory]
    [InlineData("""{"purpose":"p","lifetime":60}""", 60)]
    [InlineData("""{"purpose":"p","lifetime":"90s"}""", 90)]
    [InlineData("""{"purpose":"p","lifetime":"1h"}""", 3600)]
    [InlineData("""{"purpose":"p","lifetime":"00:02:00"}""", 120)]
    public async Task Start_Lifetime_IsTakenAsWritten(string body, int seconds)
    {
        using var response = await _scene.PostAsync("/.gateway/tasks", body);
        var task = await TaskScene.ReadAsync(response, HttpStatusCode.Created);

        Assert.Equal(seconds, (task.GetProperty("expiresAt").GetDateTimeOffset() - task.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds);
    }

    [Theory]
    [InlineData("""{}""", "'purpose'")]
    [InlineData("""{"purpose":""}""", "'purpose'")]
    [InlineData("""{"purpose":7}""", "'purpose'")]
    [InlineData("""{"purpose":"a\nb"}""", "'purpose'")]
    [InlineData("""{"purpose":"p","lifetime":"01:00:01"}""", "'lifetime'")]
    [InlineData("""{"purpose":"p","lifetime":0}""", "'lifetime'")]
    [InlineData("""{"purpose":"p","lifetime":-5}""", "'lifetime'")]
    [InlineData("""{"purpose":"p","lifetime":"soon"}""", "'lifetime'")]
    [InlineData("""{"purpose":"p","lifetime":1e300}""", "'lifetime'")]
    [InlineData("""{"purpose":"p","tools":"api"}""", "'tools'")]
    [InlineData("""{"purpose":"p","tools":[1]}""", "'tools'")]
    [InlineData("""{"purpose":"p","tools":["nothing"]}""", "'tools'")]
    [InlineData("""{"purpose":"p","user":"alice"}""", "member")]
    [InlineData("""{"purpose":"p","purpose":"q"}""", "twice")]
    [InlineData("""{"purpose":"p","agent":"dev:other"}""", "'agent'")]
    [InlineData("""["purpose"]""", "object")]
    [InlineData("""{"purpose":""", "object")]
    public async Task Start_RequestThatIsWrong_SaysWhatToWriteInstead(string body, string named)
    {
        using var response = await _scene.PostAsync("/.gateway/tasks", body);

        var problem = await Problem.AssertAsync(response, HttpStatusCode.BadRequest, "request_malformed", Stop);
        Assert.Contains(named, problem.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain(_scene.Tasks.All, t => t.End is null);
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}{}\r\n0\r\n\r\n")]
    public async Task Start_BodyInBrokenChunks_IsMalformedAndNoErrorOfTheGateway(string chunks)
    {
        using var logs = new CapturedLogs();
        await using var scene = await TaskScene.StartAsync(logs: logs);
        var head = $"POST /.gateway/tasks HTTP/1.1\r\nHost: gateway\r\nGateway-Identity: {scene.Issuer.Token()}\r\nTransfer-Encoding: chunked\r\n\r\n";

        var response = await RawHttp.SendAsync(scene.Gateway.Client.BaseAddress!, head + chunks, Stop);

        Assert.True((400, "request_malformed") == (response.Status, response.Reason), $"{response.Status}: {response.Body}");
        Assert.Equal("request_malformed", (await scene.Log.SingleAsync(response.Headers["Gateway-Call"], Stop)).Reason());
        Assert.DoesNotContain("StageFailed", logs.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/.gateway/tasks")]
    [InlineData("/.gateway/tasks/00000000000000000000000000000000/end")]
    public async Task AnyRequest_BodyOverTheBound_IsTooLarge(string path)
    {
        using var fits = await _scene.PostAsync(path, $$"""{"x":"{{new string('x', (64 * 1024) - 8)}}"}""");
        using var response = await _scene.PostAsync(path, $$"""{"x":"{{new string('x', (64 * 1024) - 7)}}"}""");

        await Problem.AssertAsync(fits, HttpStatusCode.BadRequest, "request_malformed", Stop);
        await Problem.AssertAsync(response, HttpStatusCode.RequestEntityTooLarge, "request_too_large", Stop);
    }

    [Fact]
    public async Task Start_ParentThatIsNone_IsUnknown()
    {
        using var response = await _scene.PostAsync("/.gateway/tasks", """{"purpose":"p","parent":"00000000000000000000000000000000"}""");

        await TaskScene.AssertRefusedAsync(response, "task_unknown");
        Assert.DoesNotContain(_scene.Tasks.All, t => t.End is null);
    }

    [Fact]
    public async Task Start_MoreThanAnAgentMayHave_IsRateLimited()
    {
        var limits = new TaskLimits();
        await Task.WhenAll(Enumerable.Range(0, limits.MaxRunning).Select(async _ =>
            Assert.True((await _scene.Tasks.StartAsync(new TaskRequest { Agent = "dev:worker", Purpose = "loop" }, limits, Stop)).Succeeded)));

        using var agents = await _scene.PostAsync("/.gateway/tasks", """{"purpose":"one more"}""");
        using var operators = await _scene.AdminAsync(HttpMethod.Post, "/v1/tasks", new { agent = "dev:worker", purpose = "one more" });

        foreach (var refused in new[] { agents, operators })
        {
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal("rate_limited", (await TaskScene.ReadAsync(refused, HttpStatusCode.TooManyRequests)).Text("reason"));
        }
    }

    [Fact]
    public async Task Call_OfATask_IsRecordedUnderIt()
    {
        var task = await _scene.StartTaskAsync();

        using var response = await _scene.CallAsync("/api/x", task);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(_scene.Upstream.Single.Values("Gateway-Task"));
        var logged = await _scene.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal(task, logged.Text("actor", "session", "uid"));
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", "task_unknown", HttpStatusCode.Forbidden)]
    [InlineData("x", "task_unknown", HttpStatusCode.Forbidden)]
    [InlineData("", "request_malformed", HttpStatusCode.BadRequest)]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000", "request_malformed", HttpStatusCode.BadRequest)]
    public async Task Call_TaskThatIsNone_IsRefused(string task, string reason, HttpStatusCode status)
    {
        using var response = await _scene.CallAsync("/api/x", task);

        await TaskScene.AssertRefusedAsync(response, reason, status);
        Assert.Empty(_scene.Upstream.Requests);
    }

    [Fact]
    public async Task Call_AnothersTask_IsUnknownInTheSameWords()
    {
        var task = await _scene.StartTaskAsync(agent: "other");

        using var others = await _scene.CallAsync("/api/x", task);
        using var nobodys = await _scene.CallAsync("/api/x", new string('0', 32));
        using var end = await _scene.PostAsync($"/.gateway/tasks/{task}/end", "");

        var first = await Problem.AssertAsync(others, HttpStatusCode.Forbidden, "task_unknown", Stop);
        var second = await Problem.AssertAsync(nobodys, HttpStatusCode.Forbidden, "task_unknown", Stop);
        Assert.Equal(second.Text("detail"), first.Text("detail"));
        await TaskScene.AssertRefusedAsync(end, "task_unknown");
        Assert.Empty(_scene.Upstream.Requests);
        Assert.Contains("dev:other", (await _scene.Log.SingleAsync(others.CallId(), Stop)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ToolThatRequiresATask_IsRefusedWithoutOne()
    {
        using var without = await _scene.CallAsync("/strict/x");
        using var with = await _scene.CallAsync("/strict/x", await _scene.StartTaskAsync());

        await TaskScene.AssertRefusedAsync(without, "task_required");
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Single(_scene.Upstream.Requests);
    }

    [Fact]
    public async Task Call_ToolOutsideTheTask_IsDenied()
    {
        var task = await _scene.StartTaskAsync("""{"purpose":"p","tools":["strict"]}""");

        using var outside = await _scene.CallAsync("/api/x", task);
        using var inside = await _scene.CallAsync("/strict/x", task);

        await TaskScene.AssertRefusedAsync(outside, "policy_denied");
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
    }

    [Fact]
    public async Task Call_OfATaskWithScopes_ObtainsNoOthers()
    {
        var narrow = await _scene.StartTaskAsync("""{"purpose":"p","scopes":["write","admin"]}""");
        var foreign = await _scene.StartTaskAsync("""{"purpose":"p","scopes":["admin"]}""");

        using var narrowed = await _scene.CallAsync("/api/x", narrow);
        using var denied = await _scene.CallAsync("/api/x", foreign);
        using var scopeless = await _scene.CallAsync("/strict/x", foreign);

        Assert.Equal(HttpStatusCode.OK, narrowed.StatusCode);
        await TaskScene.AssertRefusedAsync(denied, "policy_denied");
        Assert.Equal(HttpStatusCode.OK, scopeless.StatusCode);
        var asked = Assert.Single(_scene.TokenServer.Requests, r => r.Target == "/token");
        Assert.Contains("scope=write", System.Text.Encoding.UTF8.GetString(asked.Body).Split('&'));
    }

    [Fact]
    public async Task End_OfOnesTask_RefusesItsCallsAndGivesTheReceipt()
    {
        var task = await _scene.StartTaskAsync();
        using (await _scene.CallAsync("/api/x", task))
        using (await _scene.CallAsync("/api/y", task))
        {
            var receipt = await _scene.EndTaskAsync(task);
            using var late = await _scene.CallAsync("/api/z", task);

            await TaskScene.AssertRefusedAsync(late, "task_ended");
            Assert.Equal((task, "completed"), (receipt.Text("task"), receipt.Text("reason")));
            var lease = Assert.Single(receipt.GetProperty("leases").EnumerateArray());
            Assert.Equal(("partner", "confirmed", 2), (lease.Text("credential"), lease.Text("revocation"), lease.GetProperty("uses").GetInt32()));
            Assert.Equal(["token-1"], _scene.Revoked);
            Assert.Equal(2, _scene.Upstream.Requests.Count);
        }

        Assert.Equal("completed", (await _scene.EndOfAsync(task)).Text("status_detail"));
    }

    [Theory]
    [InlineData("""{"reason":"killed"}""")]
    [InlineData("""{"reason":"deviated"}""")]
    [InlineData("""{"reason":1}""")]
    [InlineData("""{"why":"completed"}""")]
    public async Task End_ReasonThatIsNotTheAgents_IsRefusedAndTheTaskGoesOn(string body)
    {
        var task = await _scene.StartTaskAsync();

        using var response = await _scene.PostAsync($"/.gateway/tasks/{task}/end", body);
        using var call = await _scene.CallAsync("/api/x", task);

        await TaskScene.AssertRefusedAsync(response, "request_malformed", HttpStatusCode.BadRequest);
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
    }

    [Fact]
    public async Task End_Twice_GivesTheSameEnd()
    {
        var task = await _scene.StartTaskAsync();

        var receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _scene.EndTaskAsync(task)));

        Assert.Single(receipts.Select(r => r.GetProperty("endedAt").GetDateTimeOffset()).Distinct());
        await _scene.EndOfAsync(task);
    }

    [Fact]
    public async Task Whoami_WithATask_ShowsIt()
    {
        var task = await _scene.StartTaskAsync();
        using var call = await _scene.CallAsync("/api/x", task);

        using var response = await _scene.CallAsync("/.gateway/whoami", task);
        using var unknown = await _scene.CallAsync("/.gateway/whoami", new string('0', 32));

        var shown = (await TaskScene.ReadAsync(response, HttpStatusCode.OK)).GetProperty("task");
        Assert.Equal((task, "testing", 1), (shown.Text("id"), shown.Text("purpose"), shown.GetProperty("calls").GetInt32()));
        await TaskScene.AssertRefusedAsync(unknown, "task_unknown");
    }

    [Fact]
    public async Task Policy_SeesTaskAndHistory()
    {
        var writing = (await _scene.AdminPostAsync("/v1/tasks", new { agent = "dev:worker", purpose = "writing", user = "alice" }, HttpStatusCode.Created)).Text("id");
        using var first = await _scene.CallAsync("/api/x", writing);
        using var second = await _scene.CallAsync("/api/purpose", writing);
        using var without = await _scene.CallAsync("/api/purpose");
        using var fresh = await _scene.CallAsync("/api/once", agent: "fresh");
        using var again = await _scene.CallAsync("/api/once", agent: "fresh");

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await TaskScene.AssertRefusedAsync(without, "policy_denied");
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
        await TaskScene.AssertRefusedAsync(again, "policy_denied");
        Assert.Equal("alice", (await _scene.Log.SingleAsync(second.CallId(), Stop)).Text("actor", "user", "uid"));
    }

    [Fact]
    public async Task Upstream_HeadersOfTheGatewaysOwn_DoNotPass()
    {
        _scene.Upstream.Answer = (_, context) =>
        {
            context.Response.Headers["Gateway-Call"] = "forged";
            context.Response.Headers["gateway-task"] = "forged";
            context.Response.Headers["DPoP-Nonce"] = "forged";
            context.Response.Headers["X-Own"] = "kept";
            return Task.CompletedTask;
        };

        using var response = await _scene.CallAsync("/api/x");

        Assert.DoesNotContain("forged", response.Headers.ToString(), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f-]{36}$", response.CallId());
        Assert.Equal("kept", Assert.Single(response.Headers.GetValues("X-Own")));
    }
}
