using System.Net;
using System.Text.Json;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Tasks;

/// <summary>Parts of tasks: narrower than the whole, and gone with it; and chains that tokens bring with them.</summary>
public sealed class DelegationTests : IAsyncLifetime
{
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task SubTask_OfAnotherAgent_IsThatAgentsAndRecordsTheChain()
    {
        var parent = await _scene.StartTaskAsync("""{"purpose":"whole","tools":["api"],"lifetime":"5m"}""");
        using var started = await _scene.PostAsync("/.gateway/tasks", $$"""{"purpose":"part","parent":"{{parent}}","agent":"dev:helper","lifetime":"1h"}""");
        var part = await TaskScene.ReadAsync(started, HttpStatusCode.Created);

        using var call = await _scene.CallAsync("/api/x", part.Text("id"), "helper");
        using var parents = await _scene.CallAsync("/api/x", parent, "helper");
        using var childs = await _scene.CallAsync("/api/x", part.Text("id"));
        using var outside = await _scene.CallAsync("/strict/x", part.Text("id"), "helper");

        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        await TaskScene.AssertRefusedAsync(parents, "task_unknown");
        await TaskScene.AssertRefusedAsync(childs, "task_unknown");
        await TaskScene.AssertRefusedAsync(outside, "policy_denied");
        Assert.Equal("""["api"]""", part.GetProperty("tools").GetRawText());
        Assert.Equal(1, part.GetProperty("depth").GetInt32());
        Assert.True(part.GetProperty("expiresAt").GetDateTimeOffset() - part.GetProperty("startedAt").GetDateTimeOffset() <= TimeSpan.FromMinutes(5));
        var logged = await _scene.Log.SingleAsync(call.CallId(), Stop);
        Assert.Equal(["dev:helper", "dev:worker"], Delegation(logged));
    }

    [Theory]
    [InlineData(""" "tools":["api","strict"] """)]
    [InlineData(""" "scopes":["read","write"] """)]
    public async Task SubTask_Wider_IsRefused(string member)
    {
        var parent = await _scene.StartTaskAsync("""{"purpose":"whole","tools":["api"],"scopes":["read"]}""");

        using var response = await _scene.PostAsync("/.gateway/tasks", $$"""{"purpose":"part","parent":"{{parent}}",{{member}}}""");

        await TaskScene.AssertRefusedAsync(response, "request_malformed", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task SubTask_DeeperThanAllowed_IsRefused()
    {
        var task = await _scene.StartTaskAsync();
        for (var depth = 1; depth <= 3; depth++)
        {
            task = await _scene.StartTaskAsync($$"""{"purpose":"deeper","parent":"{{task}}"}""");
        }

        using var response = await _scene.PostAsync("/.gateway/tasks", $$"""{"purpose":"deeper","parent":"{{task}}"}""");

        await TaskScene.AssertRefusedAsync(response, "request_malformed", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task SubTask_OfAStrangersTask_IsRefused()
    {
        var task = await _scene.StartTaskAsync();

        using var response = await _scene.PostAsync("/.gateway/tasks", $$"""{"purpose":"mine","parent":"{{task}}"}""", "stranger");

        await TaskScene.AssertRefusedAsync(response, "task_unknown");
    }

    [Fact]
    public async Task SubTask_OfASuspendedAgent_IsRefused()
    {
        var parent = await _scene.StartTaskAsync();
        await _scene.AdminPostAsync("/v1/agents/suspend", new { agent = "dev:helper", reason = "leak" });

        using var response = await _scene.PostAsync("/.gateway/tasks", $$"""{"purpose":"part","parent":"{{parent}}","agent":"dev:helper"}""");

        await TaskScene.AssertRefusedAsync(response, "agent_suspended");
    }

    [Fact]
    public async Task End_OfTheParent_EndsTheTreeWithItsLeases()
    {
        var parent = await _scene.StartTaskAsync();
        var part = await _scene.StartTaskAsync($$"""{"purpose":"part","parent":"{{parent}}","agent":"dev:helper"}""");
        var below = await _scene.StartTaskAsync($$"""{"purpose":"below","parent":"{{part}}"}""", "helper");
        using var used = await _scene.CallAsync("/api/x", below, "helper");
        var (response, stream) = await _scene.OpenStreamAsync(part, "helper");
        using (response)
        {
            await _scene.EndTaskAsync(parent);

            await TaskScene.AssertCutAsync(stream);
        }

        using var late = await _scene.CallAsync("/api/x", below, "helper");
        using var orphan = await _scene.PostAsync("/.gateway/tasks", $$"""{"purpose":"late","parent":"{{part}}"}""", "helper");
        await TaskScene.AssertRefusedAsync(late, "task_ended");
        await TaskScene.AssertRefusedAsync(orphan, "task_ended");
        Assert.Equal(["token-1", "token-2"], _scene.Revoked.Order(StringComparer.Ordinal));
        Assert.All([await _scene.EndOfAsync(part), await _scene.EndOfAsync(below)], e => Assert.Equal("completed", e.Text("status_detail")));
    }

    [Fact]
    public async Task Token_WithActors_IsTheActorsAndRecordsTheChain()
    {
        var task = await _scene.StartTaskAsync(agent: "boss");
        var act = new { sub = "worker", act = new { sub = "clerk" } };
        var token = _scene.Issuer.TokenWith(new Dictionary<string, object> { ["sub"] = "boss", ["act"] = act });

        using var whoami = await _scene.CallWithAsync(token, "/.gateway/whoami");
        using var call = await _scene.CallWithAsync(token, "/api/x", task);
        using var clerks = await _scene.CallWithAsync(token, "/api/x", await _scene.StartTaskAsync(agent: "clerk"));

        Assert.Equal("dev:worker", (await TaskScene.ReadAsync(whoami, HttpStatusCode.OK)).Text("agent"));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        await TaskScene.AssertRefusedAsync(clerks, "task_unknown");
        var logged = await _scene.Log.SingleAsync((await Whoami(token)).CallId(), Stop);
        Assert.Equal(["dev:worker", "dev:clerk", "dev:boss"], Delegation(logged));
    }

    [Fact]
    public async Task Start_ByATokenWithActors_TakesItsChainAndItsUser()
    {
        var task = await StartByAsync(_scene.Issuer.TokenWith(new Dictionary<string, object> { ["sub"] = "alice", ["act"] = new { sub = "worker" } }), """{"purpose":"for alice"}""");

        Assert.Equal(("dev:worker", "dev:alice"), (task.Text("agent"), task.Text("user")));
        Assert.Equal("""["dev:worker","dev:alice"]""", task.GetProperty("chain").GetRawText());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"sub":""}""")]
    [InlineData("""{"sub":7}""")]
    [InlineData("""{"sub":"worker","iss":"https://elsewhere.test"}""")]
    [InlineData("""{"sub":"worker","iss":null}""")]
    [InlineData("""{"sub":"worker","act":"clerk"}""")]
    [InlineData("\"worker\"")]
    [InlineData("null")]
    public async Task Token_ActorsThatCannotBeRead_IsRefused(string act)
    {
        var token = _scene.Issuer.TokenWith("act", JsonSerializer.Deserialize<JsonElement>(act));

        using var response = await _scene.CallWithAsync(token, "/api/x");

        await TaskScene.AssertRefusedAsync(response, "identity_invalid", HttpStatusCode.Unauthorized);
        Assert.Contains("(act)", (await _scene.Log.SingleAsync(response.CallId(), Stop)).GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_scene.Upstream.Requests);
    }

    [Fact]
    public async Task SubTask_OfATaskWithAUserByADelegate_KeepsTheUserAndDoublesNobody()
    {
        var whole = await StartByAsync(_scene.Issuer.TokenWith(new Dictionary<string, object> { ["sub"] = "alice", ["act"] = new { sub = "boss" } }), """{"purpose":"for alice"}""");
        var delegated = _scene.Issuer.TokenWith(new Dictionary<string, object> { ["sub"] = "boss", ["act"] = new { sub = "worker" } });

        var part = await StartByAsync(delegated, $$"""{"purpose":"part","parent":"{{whole.Text("id")}}"}""");

        Assert.Equal(("dev:worker", "dev:alice"), (part.Text("agent"), part.Text("user")));
        Assert.Equal("""["dev:worker","dev:boss","dev:alice"]""", part.GetProperty("chain").GetRawText());
    }

    private async Task<JsonElement> StartByAsync(string token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/.gateway/tasks") { Content = new StringContent(body) };
        request.Headers.Add("Gateway-Identity", token);
        using var response = await _scene.Gateway.Client.SendAsync(request, Stop);
        return await TaskScene.ReadAsync(response, HttpStatusCode.Created);
    }

    private Task<HttpResponseMessage> Whoami(string token) => _scene.CallWithAsync(token, "/.gateway/whoami");

    private static IEnumerable<string?> Delegation(JsonElement logged) =>
        logged.GetProperty("unmapped").GetProperty("gateway").GetProperty("delegation").EnumerateArray().Select(e => e.GetString());
}
