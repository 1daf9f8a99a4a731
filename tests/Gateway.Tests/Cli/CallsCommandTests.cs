using System.Runtime.Versioning;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Tasks;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Cli;

/// <summary><c>gateway calls</c> as an operator types it: over the files, and against a running gateway.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CallsCommandTests : IAsyncLifetime
{
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Audit => Path.Combine(_scene.Gateway.Folder.Path, "audit");

    public async ValueTask InitializeAsync()
    {
        _scene = await TaskScene.StartAsync();
        foreach (var path in new[] { "/api/first", "/api/denied", "/strict/key", "/api/last" })
        {
            using var response = await _scene.CallAsync(path);
        }

        await _scene.Log.WaitForCountAsync(4, Stop);
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(4)]
    [InlineData(1, "--reason", "policy_denied")]
    [InlineData(2, "--limit", "2")]
    [InlineData(3, "--tool", "api", "--agent", "dev:worker", "--since", "1h", "--until", "2999-01-01T00:00:00Z")]
    [InlineData(2, "--decision", "deny")]
    [InlineData(0, "--task", "none")]
    public async Task Json_OfFilesConfigurationAndGateway_AreTheSameLinesOfTheLog(int count, params string[] filters)
    {
        var files = await AskAsync(["--json", "--directory", Audit, .. filters]);
        var configured = await AskAsync(["--json", "--config", Path.Combine(_scene.Gateway.Folder.Path, "gateway.json"), .. filters]);
        var asked = await AskAsync(["--json", "--admin", $"{_scene.Gateway.Admin.BaseAddress}", "--data", _scene.Data, .. filters]);

        var lines = files.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(count, lines.Length);
        Assert.All(lines, line => Assert.Contains(line, _scene.Log.ReadLines().Select(e => e.GetRawText())));
        Assert.Equal(files, configured);
        Assert.Equal(files, asked);
    }

    [Fact]
    public async Task Text_Calls_AreALineEach()
    {
        var text = await AskAsync(["--directory", Audit]);

        Assert.Equal(4, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("403\tDenied\tdev:worker\tapi/GET\tGET /denied\tpolicy_denied\t", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Follow_CallsAreMade_PrintsThemOldestFirst(bool throughGateway)
    {
        string[] source = throughGateway ? ["--admin", $"{_scene.Gateway.Admin.BaseAddress}", "--data", _scene.Data] : ["--directory", Audit];
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "calls", "--follow", "--json", "--since", "1h", .. source]);
        for (var i = 0; i < 4; i++)
        {
            await process.ReadLineAsync(TimeSpan.FromSeconds(60), Stop);
        }

        using (await _scene.CallAsync("/api/new"))
        {
            var line = JsonSerializer.Deserialize<JsonElement>(await process.ReadLineAsync(TimeSpan.FromSeconds(60), Stop));
            Assert.Equal("/new", line.Text("http_request", "url", "path"));
        }
    }

    [Fact]
    public async Task Follow_GatewayThatGoesAndComes_GoesOnWhereItWasBeforeTheFirstEvent()
    {
        await using var gateway = await RecordingUpstream.StartAsync();
        var round = 0;
        gateway.Answer = async (_, context) =>
        {
            switch (++round)
            {
                case 1:
                    await AnswerAsync(context, 200, "id: 7\n: nothing new\n\n");
                    break;
                case 2:
                    context.Abort();
                    break;
                case 3:
                    await AnswerAsync(context, 503, """{"title":"Calls cannot be looked for now"}""");
                    break;
                default:
                    await AnswerAsync(context, 200, "id: 8\ndata: {\"round\":4}\n\nid: 9\n\n");
                    break;
            }
        };
        await using var process = Follow(gateway.Url);

        Assert.Equal("""{"round":4}""", await process.ReadLineAsync(TimeSpan.FromSeconds(60), Stop));
        await process.ReadLineAsync(TimeSpan.FromSeconds(60), Stop);

        Assert.Equal(["", "7", "7", "7", "9"], gateway.Requests.Take(5).Select(r => r.Headers.Where(h => h.Key == "Last-Event-ID").Select(h => h.Value).SingleOrDefault("")));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(401)]
    public async Task Follow_RefusedAtFirst_EndsAndSaysWhy(int status)
    {
        await using var gateway = await RecordingUpstream.StartAsync();
        gateway.Answer = (_, context) => AnswerAsync(context, status, """{"title":"No","detail":"way."}""");
        await using var process = Follow(gateway.Url);

        Assert.Equal(1, await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop));
        Assert.Contains("No: way.", process.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'decision' takes allow or deny", "--decision", "maybe")]
    [InlineData("'since' takes a time such as", "--since", "yesterday")]
    [InlineData("'limit' takes a number from 1 to 1000", "--limit", "0")]
    [InlineData("--limit is for a list", "--limit", "5", "--follow")]
    [InlineData("--directory or --admin, not both", "--directory", ".", "--admin", "http://127.0.0.1:1")]
    [InlineData("there is no call log in", "--directory", "/nowhere/at/all")]
    public async Task Options_Wrong_SayWhatToWrite(string says, params string[] options)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "calls", .. options]);

        Assert.Equal(2, await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop));
        Assert.Contains(says, process.Errors, StringComparison.Ordinal);
    }

    private static ChildProcess Follow(string admin) => ChildProcess.Start(
        "dotnet", [Repository.GatewayAssembly, "calls", "--follow", "--json", "--admin", admin], new Dictionary<string, string> { ["GATEWAY_ADMIN_TOKEN"] = "token" });

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static async Task<string> AskAsync(string[] options)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "calls", .. options]);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.True(code == 0, process.Output);
        return process.Answer;
    }
}
