using System.Net;
using System.Text.Json;
using Gateway.Core.Tasks;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Tasks;

/// <summary>Agents that must not call any more.</summary>
public sealed class SuspensionTests : IAsyncLifetime
{
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Suspend_AgentAtWork_StopsCallsStreamsTasksAndLeases()
    {
        var task = await _scene.StartTaskAsync();
        var (ofTask, first) = await _scene.OpenStreamAsync(task);
        var (without, second) = await _scene.OpenStreamAsync();
        using (ofTask)
        using (without)
        {
            await SuspendAsync("dev:worker");

            await TaskScene.AssertCutAsync(first);
            await TaskScene.AssertCutAsync(second);
        }

        using var call = await _scene.CallAsync("/api/x");
        using var whoami = await _scene.CallAsync("/.gateway/whoami");
        using var start = await _scene.PostAsync("/.gateway/tasks", """{"purpose":"more"}""");
        foreach (var refused in new[] { call, whoami, start })
        {
            await TaskScene.AssertRefusedAsync(refused, "agent_suspended");
        }

        var end = await _scene.EndOfAsync(task);
        Assert.Equal(("killed", "admin-token", "dev:worker"), (end.Text("status_detail"), end.Text("actor", "app_uid"), end.Text("entity", "data", "agent")));
        await Eventually.TrueAsync(() => Task.FromResult(_scene.Revoked.Count == 2), () => "Not every token was revoked.", Stop);
        Assert.Equal(["token-1", "token-2"], _scene.Revoked.Order(StringComparer.Ordinal));
        Assert.Equal(
            "Suspended as 'dev:worker': leak The response was cut off.",
            (await _scene.Log.SingleAsync(without.CallId(), Stop)).Text("unmapped", "gateway", "detail"));
        var logged = await _scene.Log.SingleEntityAsync("Suspend", Stop);
        Assert.Equal(("dev:worker", "admin-token", "leak"), (logged.Text("entity", "uid"), logged.Text("actor", "app_uid"), logged.Text("message")));
    }

    [Theory]
    [InlineData("/strict/x", null)]
    [InlineData("/api/x", "0123456789abcdef0123456789abcdef")]
    [InlineData("/api/x", "")]
    public async Task Suspend_CallWithoutItsTaskOrWithAnother_IsToldOfTheSuspension(string path, string? task)
    {
        await SuspendAsync("dev:worker");

        using var call = await _scene.CallAsync(path, task);

        await TaskScene.AssertRefusedAsync(call, "agent_suspended");
    }

    [Fact]
    public async Task Resume_AfterSuspension_LetsCallButRevivesNothing()
    {
        var task = await _scene.StartTaskAsync();
        using var before = await _scene.CallAsync("/api/x", task);
        await SuspendAsync("dev:worker");

        await _scene.AdminPostAsync("/v1/agents/resume", new { agent = "dev:worker" });
        using var old = await _scene.CallAsync("/api/x", task);
        using var fresh = await _scene.CallAsync("/api/x");

        await TaskScene.AssertRefusedAsync(old, "task_ended");
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], _scene.Upstream.Requests.Select(r => r.Value("Authorization")));
        await _scene.Log.SingleEntityAsync("Resume", Stop);
    }

    [Fact]
    public async Task Suspend_AllOfAnIssuer_IncludesAgentsThatHaveNotCalledYet()
    {
        await SuspendAsync("dev:*");

        using var call = await _scene.CallAsync("/api/x", agent: "never-seen");

        await TaskScene.AssertRefusedAsync(call, "agent_suspended");
    }

    [Fact]
    public async Task Suspend_Prefix_LeavesOthersAlone()
    {
        await SuspendAsync("dev:team-a/*");

        using var inside = await _scene.CallAsync("/api/x", agent: "team-a/one");
        using var outside = await _scene.CallAsync("/api/x", agent: "team-ab/one");

        await TaskScene.AssertRefusedAsync(inside, "agent_suspended");
        Assert.Equal(HttpStatusCode.OK, outside.StatusCode);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("dev:bill*")]
    [InlineData("dev:*x")]
    [InlineData("dev:")]
    [InlineData("spiffe://example.org/")]
    public async Task Suspend_PatternThatNamesTooManyOrNobody_IsRefused(string pattern)
    {
        using var response = await _scene.AdminAsync(HttpMethod.Post, "/v1/agents/suspend", new { agent = pattern, reason = "leak" });
        using var call = await _scene.CallAsync("/api/x");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
    }

    [Fact]
    public async Task Suspend_ThenRestart_StillHolds()
    {
        await SuspendAsync("dev:worker");

        await _scene.RestartAsync();
        using var call = await _scene.CallAsync("/api/x");

        await TaskScene.AssertRefusedAsync(call, "agent_suspended");
        var agents = await _scene.AdminGetAsync("/v1/agents");
        var suspension = Assert.Single(agents.GetProperty("suspensions").EnumerateArray());
        Assert.Equal(("dev:worker", "leak"), (suspension.Text("agent"), suspension.Text("reason")));
    }

    [Fact]
    public async Task Restart_TasksGoOnAndEndedOnesStayEnded()
    {
        var (running, ended) = (await _scene.StartTaskAsync(), await _scene.StartTaskAsync());
        using var used = await _scene.CallAsync("/api/x", ended);
        await _scene.EndTaskAsync(ended);
        await _scene.RestartAsync();

        using var goesOn = await _scene.CallAsync("/api/x", running);
        using var late = await _scene.CallAsync("/api/x", ended);

        Assert.Equal(HttpStatusCode.OK, goesOn.StatusCode);
        await TaskScene.AssertRefusedAsync(late, "task_ended");
        var receipt = await _scene.EndTaskAsync(ended);
        Assert.Equal("confirmed", Assert.Single(receipt.GetProperty("leases").EnumerateArray()).Text("revocation"));
    }

    /// <summary>A kill in the middle of a suspension: that is written down, the ends of the tasks are not.</summary>
    [Fact]
    public async Task Restart_TaskOfASuspendedAgent_IsEndedWithItsParts()
    {
        var task = await _scene.StartTaskAsync();
        var part = await _scene.StartTaskAsync($$"""{"purpose":"part","parent":"{{task}}","agent":"dev:helper"}""");
        Assert.True(AgentPattern.TryParse("dev:worker", out var pattern, out _));
        await _scene.Gateway.Services.GetRequiredService<ISuspensionStore>().AddAsync(new Suspension(pattern, "leak", DateTimeOffset.UnixEpoch), Stop);

        await _scene.RestartAsync();
        using var call = await _scene.CallAsync("/api/x", part, "helper");

        await TaskScene.AssertRefusedAsync(call, "task_ended");
        Assert.Equal("killed", (await _scene.EndOfAsync(task)).Text("status_detail"));
    }

    private Task<JsonElement> SuspendAsync(string agent) => _scene.AdminPostAsync("/v1/agents/suspend", new { agent, reason = "leak" });
}
