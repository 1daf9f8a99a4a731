using System.Net;
using Gateway.Core.Tasks;
using Gateway.Hosting;
using Gateway.Tasks;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Tasks;

/// <summary>The ways in which a task ends, and what becomes of its calls and leases.</summary>
public sealed class TaskEndTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task End_StreamOpen_IsCutAndRecordedWithTheCause()
    {
        await using var scene = await TaskScene.StartAsync();
        var task = await scene.StartTaskAsync();
        var (response, stream) = await scene.OpenStreamAsync(task);
        using (response)
        {
            var receipt = await scene.EndTaskAsync(task);

            await TaskScene.AssertCutAsync(stream);
            Assert.Equal("confirmed", Assert.Single(receipt.GetProperty("leases").EnumerateArray()).Text("revocation"));
            var logged = await scene.Log.SingleAsync(response.CallId(), Stop);
            Assert.True(logged.Forwarded());
            Assert.Contains("Its agent ended it. The response was cut off.", logged.GetRawText(), StringComparison.Ordinal);
            Assert.Equal(("Allowed", "Access Revoked", "task_ended", 200), (logged.Text("action"), logged.Disposition(), logged.Reason(), logged.Status()));
        }
    }

    [Fact]
    public async Task End_CallWaitingForTheUpstream_IsRefusedAsEnded()
    {
        await using var scene = await TaskScene.StartAsync();
        var arrived = new TaskCompletionSource();
        scene.Upstream.Answer = async (_, context) =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var task = await scene.StartTaskAsync();
        var call = scene.CallAsync("/api/x", task);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        await scene.EndTaskAsync(task);

        using var response = await call;
        await TaskScene.AssertRefusedAsync(response, "task_ended");
        var logged = await scene.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal(("Allowed", "Access Revoked", "task_ended", true), (logged.Text("action"), logged.Disposition(), logged.Reason(), logged.Forwarded()));
    }

    [Fact]
    public async Task End_CallWaitingForItsCredential_IsRefusedAsEndedAndTheTokenRevoked()
    {
        await using var scene = await TaskScene.StartAsync();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var issue = scene.TokenServer.Answer;
        scene.TokenServer.Answer = async (request, context) =>
        {
            if (request.Target == "/token")
            {
                asked.TrySetResult();
                await answer.Task;
            }

            await issue(request, context);
        };
        var task = await scene.StartTaskAsync();
        var call = scene.CallAsync("/api/x", task);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        var ending = scene.EndTaskAsync(task);
        using var response = await call;
        answer.SetResult();
        var receipt = await ending;

        await TaskScene.AssertRefusedAsync(response, "task_ended");
        Assert.Empty(scene.Upstream.Requests);
        await Eventually.TrueAsync(() => Task.FromResult(scene.Revoked.Count == 1), () => "The token was not revoked.", Stop);
        Assert.Equal(0, Assert.Single(receipt.GetProperty("leases").EnumerateArray()).GetProperty("uses").GetInt32());
    }

    [Fact]
    public async Task End_FaultOnTheWay_WhoeverEndsItAgainIsAnswered()
    {
        await using var scene = await TaskScene.StartAsync();
        var services = scene.Gateway.Services;
        using var tasks = new TaskRegistry(new BrokenTaskStore(), TimeProvider.System);
        await using var ender = ActivatorUtilities.CreateInstance<TaskEnder>(services, tasks);
        var limits = services.GetRequiredService<SnapshotSource>().Current.TaskLimits;
        var task = (await tasks.StartAsync(new TaskRequest { Agent = "dev:worker", Purpose = "testing" }, limits, Stop)).Task!;

        await Assert.ThrowsAsync<InvalidOperationException>(() => ender.EndAsync(task, TaskEndReason.Killed, null, "operator", Stop));

        var receipt = await ender.EndAsync(task, TaskEndReason.Completed, null, "operator", Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(TaskEndReason.Killed, receipt.End.Reason);
    }

    [Fact]
    public async Task End_WithGrace_LetsTheStreamGoOnForItAndNothingStart()
    {
        await using var scene = await TaskScene.StartAsync(new { Grace = "00:00:02" });
        var task = await scene.StartTaskAsync();
        var (response, stream) = await scene.OpenStreamAsync(task);
        using (response)
        {
            await scene.EndTaskAsync(task);
            var reading = stream.ReadAsync(new byte[16], Stop).AsTask();
            using var late = await scene.CallAsync("/api/x", task);
            Assert.False(reading.IsCompleted);
            await TaskScene.AssertRefusedAsync(late, "task_ended");

            await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        }
    }

    [Fact]
    public async Task OnDeny_EndTask_EndsItAsDeviated()
    {
        await using var scene = await TaskScene.StartAsync();
        var task = await scene.StartTaskAsync();
        var (response, stream) = await scene.OpenStreamAsync(task);
        using (response)
        {
            using var deviation = await scene.CallAsync("/api/deviate", task);
            using var late = await scene.CallAsync("/api/x", task);

            await TaskScene.AssertRefusedAsync(deviation, "policy_denied");
            await TaskScene.AssertRefusedAsync(late, "task_ended");
            await TaskScene.AssertCutAsync(stream);
        }

        var end = await scene.EndOfAsync(task);
        Assert.Equal("deviated", end.Text("status_detail"));
        Assert.Contains("forbidden by deviation", end.Text("message"), StringComparison.Ordinal);
        Assert.Equal(["token-1"], scene.Revoked);
    }

    [Fact]
    public async Task OnDeny_SuspendAgent_RefusesItsVeryNextCall()
    {
        await using var scene = await TaskScene.StartAsync();
        var task = await scene.StartTaskAsync();
        using var used = await scene.CallAsync("/api/x", task);

        using var rogue = await scene.CallAsync("/api/rogue", task);
        using var next = await scene.CallAsync("/api/x");
        using var start = await scene.PostAsync("/.gateway/tasks", """{"purpose":"again"}""");
        using var other = await scene.CallAsync("/api/x", agent: "other");

        await TaskScene.AssertRefusedAsync(rogue, "policy_denied");
        await TaskScene.AssertRefusedAsync(next, "agent_suspended");
        await TaskScene.AssertRefusedAsync(start, "agent_suspended");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("deviated", (await scene.EndOfAsync(task)).Text("status_detail"));
        await Eventually.TrueAsync(() => Task.FromResult(scene.Revoked.Contains("token-1")), () => "The token was not revoked.", Stop);
    }

    [Fact]
    public async Task DenialLimit_Reached_EndsTheTask()
    {
        await using var scene = await TaskScene.StartAsync(new { DenialLimit = new { Count = 3 } });
        var (task, patient) = (await scene.StartTaskAsync(), await scene.StartTaskAsync());
        for (var i = 0; i < 3; i++)
        {
            using var before = await scene.CallAsync("/api/x", task);
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
            using var denied = await scene.CallAsync("/api/denied", task);
            await TaskScene.AssertRefusedAsync(denied, "policy_denied");
        }

        using var late = await scene.CallAsync("/api/x", task);
        using var other = await scene.CallAsync("/api/x", patient);

        await TaskScene.AssertRefusedAsync(late, "task_ended");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("deviated", (await scene.EndOfAsync(task)).Text("status_detail"));
    }

    [Fact]
    public async Task DenialLimit_CallsOutsideTheTask_CountToo()
    {
        await using var scene = await TaskScene.StartAsync(new { DenialLimit = new { Count = 2 } });
        var tools = await scene.StartTaskAsync("""{"purpose":"p","tools":["strict"]}""");
        var scopes = await scene.StartTaskAsync("""{"purpose":"p","scopes":["admin"]}""");
        foreach (var task in new[] { tools, scopes })
        {
            for (var i = 0; i < 2; i++)
            {
                using var denied = await scene.CallAsync("/api/x", task);
                await TaskScene.AssertRefusedAsync(denied, "policy_denied");
            }

            using var late = await scene.CallAsync("/api/x", task);
            await TaskScene.AssertRefusedAsync(late, "task_ended");
            Assert.Equal("deviated", (await scene.EndOfAsync(task)).Text("status_detail"));
        }
    }

    [Fact]
    public async Task Lifetime_Passed_EndsTaskStreamAndLease()
    {
        await using var scene = await TaskScene.StartAsync();
        var task = await scene.StartTaskAsync("""{"purpose":"short","lifetime":"2s"}""");
        var (response, stream) = await scene.OpenStreamAsync(task);
        using (response)
        {
            await TaskScene.AssertCutAsync(stream);
        }

        using var late = await scene.CallAsync("/api/x", task);
        await TaskScene.AssertRefusedAsync(late, "task_ended");
        Assert.Equal("expired", (await scene.EndOfAsync(task)).Text("status_detail"));
        await Eventually.TrueAsync(() => Task.FromResult(scene.Revoked.Count == 1), () => "The token was not revoked.", Stop);
    }

    [Fact]
    public async Task IdleTimeout_Unused_EndsTheTaskButNotOneWithAnOpenStream()
    {
        await using var scene = await TaskScene.StartAsync(new { IdleTimeout = "00:00:01" });
        var (idle, busy) = (await scene.StartTaskAsync(), await scene.StartTaskAsync());
        var (response, _) = await scene.OpenStreamAsync(busy);
        using (response)
        {
            Assert.Equal("interrupted", (await scene.EndOfAsync(idle)).Text("status_detail"));
            Assert.Null(scene.Tasks.All.Single(t => t.Id == busy).End);
        }
    }

    [Fact]
    public async Task EndWithLastCall_StreamEnds_EndsTheTask()
    {
        await using var scene = await TaskScene.StartAsync(new { EndWithLastCall = true });
        var task = await scene.StartTaskAsync();
        using (await scene.CallAsync("/api/denied", task))
        {
            Assert.Null(scene.Tasks.All.Single(t => t.Id == task).End);
        }

        var (response, _) = await scene.OpenStreamAsync(task);
        using (await scene.CallAsync("/api/x", task))
        {
            Assert.Null(scene.Tasks.All.Single(t => t.Id == task).End);
        }

        response.Dispose();

        var end = await scene.EndOfAsync(task);
        Assert.Equal(("interrupted", "Its last call ended."), (end.Text("status_detail"), end.Text("message")));
        Assert.Equal(["token-1"], scene.Revoked);
    }

    [Fact]
    public async Task EndWithLastCall_PartAtWork_EndsTheWholeAfterIt()
    {
        await using var scene = await TaskScene.StartAsync(new { EndWithLastCall = true });
        var whole = await scene.StartTaskAsync();
        var part = await scene.StartTaskAsync($$"""{"purpose":"part","parent":"{{whole}}","agent":"dev:helper"}""");
        var (response, _) = await scene.OpenStreamAsync(part, "helper");
        using (await scene.CallAsync("/api/x", whole))
        {
            // Its only call is over when the agent has the answer, or a moment later.
            var task = scene.Tasks.All.Single(t => t.Id == whole);
            await Eventually.TrueAsync(() => Task.FromResult(task.Gate.Count == 0), () => "The call did not end.", Stop);
        }

        using (var more = await scene.CallAsync("/api/x", whole))
        {
            Assert.Equal(HttpStatusCode.OK, more.StatusCode);
        }

        response.Dispose();

        Assert.Equal("Its last call ended.", (await scene.EndOfAsync(part)).Text("message"));
        Assert.Equal("Its last call ended.", (await scene.EndOfAsync(whole)).Text("message"));
    }

    [Fact]
    public async Task Required_ByTheGateway_RefusesCallsWithoutATask()
    {
        await using var scene = await TaskScene.StartAsync(new { Required = true });

        using var without = await scene.CallAsync("/api/x");
        using var with = await scene.CallAsync("/api/x", await scene.StartTaskAsync());

        await TaskScene.AssertRefusedAsync(without, "task_required");
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Fact]
    public async Task Lease_OfOneTask_IsNeverUsedForAnother()
    {
        await using var scene = await TaskScene.StartAsync();
        var (first, second) = (await scene.StartTaskAsync(), await scene.StartTaskAsync());
        foreach (var task in new[] { first, second, first, null })
        {
            using var call = await scene.CallAsync("/api/x", task);
        }

        Assert.Equal(
            ["Bearer token-1", "Bearer token-2", "Bearer token-1", "Bearer token-3"],
            scene.Upstream.Requests.Select(r => r.Value("Authorization")));
        await scene.EndTaskAsync(first);
        Assert.Equal(["token-1"], scene.Revoked);
        using var others = await scene.CallAsync("/api/x", second);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
    }

    [Fact]
    public async Task End_IssuerDown_IsQueuedAndLaterConfirmed()
    {
        await using var scene = await TaskScene.StartAsync();
        var task = await scene.StartTaskAsync();
        using var used = await scene.CallAsync("/api/x", task);
        scene.IsDown = true;

        var receipt = await scene.EndTaskAsync(task);
        var lease = Assert.Single(receipt.GetProperty("leases").EnumerateArray());
        Assert.Equal("queued", lease.Text("revocation"));
        Assert.True(lease.TryGetProperty("residualExpiry", out _), lease.GetRawText());
        scene.IsDown = false;

        await Eventually.TrueAsync(
            async () => Assert.Single((await scene.AdminGetAsync($"/v1/tasks/{task}/receipt")).GetProperty("leases").EnumerateArray()).Text("revocation") == "confirmed",
            () => "The revocation was not confirmed.",
            Stop);
        Assert.Equal(["token-1"], scene.Revoked);
    }
}
