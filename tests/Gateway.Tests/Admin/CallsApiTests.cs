using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Tasks;

namespace Gateway.Tests.Admin;

/// <summary>Calls are made, and looked for.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CallsApiTests : IAsyncLifetime
{
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task List_NoFilter_HasTheLinesOfTheLogNewestFirst()
    {
        await CallAsync("/api/first", "/api/denied", "/nothing/there");
        var logged = await _scene.Log.WaitForCountAsync(3, Stop);

        var calls = await ListAsync("");

        Assert.Equal(logged.Reverse().Select(e => e.GetRawText()), calls.Select(e => e.GetRawText()));
    }

    [Theory]
    [InlineData("agent=dev:worker", 3)]
    [InlineData("agent=dev:other", 1)]
    [InlineData("agent=dev:work", 0)]
    [InlineData("tool=api", 3)]
    [InlineData("tool=strict", 1)]
    [InlineData("decision=allow", 2)]
    [InlineData("decision=deny", 3)]
    [InlineData("reason=policy_denied", 1)]
    [InlineData("reason=task_required", 1)]
    [InlineData("reason=identity_invalid", 1)]
    [InlineData("agent=dev:worker&decision=deny", 2)]
    [InlineData("agent=dev:other&reason=policy_denied", 0)]
    [InlineData("since=5m", 5)]
    [InlineData("until=5m", 0)]
    [InlineData("since=2026-01-01T00:00:00.123456789Z", 5)]
    [InlineData("since=2026-01-01T00:00:00%2B01:00&until=2999-01-01T00:00:00Z&tool=strict", 1)]
    public async Task List_Filtered_HasWhatMatches(string query, int count)
    {
        await CallAsync("/api/first", "/api/denied", "/strict/key");
        using (await _scene.CallAsync("/api/theirs", agent: "other"))
        using (await _scene.CallWithAsync("e30.e30.AAAA", "/api/forged"))
        {
            await _scene.Log.WaitForCountAsync(5, Stop);
        }

        Assert.Equal(count, (await ListAsync(query)).Count);
    }

    [Fact]
    public async Task List_OfATask_HasItsCalls()
    {
        var task = await _scene.StartTaskAsync();
        using var call = await _scene.CallAsync("/strict/key", task);
        await _scene.Log.SingleAsync(Id(call), Stop);

        Assert.Contains(await ListAsync($"task={task}"), e => e.Text("metadata", "uid") == Id(call));
        Assert.Empty(await ListAsync("task=none"));
    }

    [Fact]
    public async Task List_InPages_HasEveryCallOnceWhateverIsAddedMeanwhile()
    {
        await CallAsync([.. Enumerable.Range(0, 7).Select(i => $"/api/{i}")]);
        await _scene.Log.WaitForCountAsync(7, Stop);
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await _scene.AdminGetAsync($"/v1/calls?limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("calls").EnumerateArray().Select(e => e.Text("http_request", "url", "path")!));
            cursor = page.Text("next") ?? "";
            await CallAsync("/api/later");
        }
        while (cursor.Length > 0);

        Assert.Equal(["/6", "/5", "/4", "/3", "/2", "/1", "/0"], seen);
    }

    [Theory]
    [InlineData("decision=maybe", "'decision'")]
    [InlineData("since=yesterday", "'since'")]
    [InlineData("since=2026-01-01T00:00:00", "'since'")]
    [InlineData("until=-5m", "'until'")]
    [InlineData("since=1000000.00:00:00", "'since'")]
    [InlineData("limit=0", "'limit'")]
    [InlineData("limit=1001", "'limit'")]
    [InlineData("limit=ten", "'limit'")]
    [InlineData("cursor=';--", "'cursor'")]
    [InlineData("agnet=dev:worker", "'agnet'")]
    [InlineData("tool=api&tool=strict", "'tool'")]
    public async Task List_BadParameter_Is400ThatNamesIt(string query, string named)
    {
        using var response = await _scene.AdminAsync(HttpMethod.Get, $"/v1/calls?{query}");

        var problem = await TaskScene.ReadAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(named, problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Call_IsItsLine()
    {
        using var call = await _scene.CallAsync("/api/denied");
        var logged = await _scene.Log.SingleAsync(Id(call), Stop);

        Assert.Equal(logged.GetRawText(), (await _scene.AdminGetAsync($"/v1/calls/{Id(call)}")).GetRawText());
    }

    [Theory]
    [InlineData("0197-no-call")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Show_UnknownId_Is404(string id)
    {
        using var response = await _scene.AdminAsync(HttpMethod.Get, $"/v1/calls/{id}");
        await TaskScene.ReadAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task List_IndexDeletedWhileRunning_IsMadeAnewFromTheFiles()
    {
        await CallAsync("/api/first");
        await _scene.Log.WaitForCountAsync(1, Stop);
        Assert.Single(await ListAsync(""));

        foreach (var file in Directory.GetFiles(_scene.Data, "calls-index.db*"))
        {
            File.Delete(file);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await _scene.AdminAsync(HttpMethod.Get, "/v1/calls");
                return response.IsSuccessStatusCode && (await response.Content.ReadAsStringAsync(Stop)).Contains("/first", StringComparison.Ordinal);
            },
            () => "The index did not come back.",
            Stop);
    }

    [Fact]
    public async Task Ready_IndexInOrder_SaysSo()
    {
        using var response = await _scene.Gateway.Admin.GetAsync("/healthz/ready", Stop);
        var health = await TaskScene.ReadAsync(response, HttpStatusCode.OK);
        Assert.Equal("healthy", health.Text("entries", "index", "status"));
    }

    private async Task CallAsync(params string[] paths)
    {
        foreach (var path in paths)
        {
            using var response = await _scene.CallAsync(path);
        }
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string query) =>
        [.. (await _scene.AdminGetAsync($"/v1/calls?{query}")).GetProperty("calls").EnumerateArray()];

    private static string Id(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Gateway-Call"));
}
