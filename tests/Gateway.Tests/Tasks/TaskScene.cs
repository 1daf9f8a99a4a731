using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gateway.Core.Tasks;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Tasks;

/// <summary>
/// A gateway in the test's own process with two tools in front of one upstream: <c>api</c>, whose tokens can be revoked, and
/// <c>strict</c>, which has a static key and takes calls of tasks only. What is below <c>/open</c> at the upstream is answered in part
/// and then held open.
/// </summary>
internal sealed class TaskScene : IAsyncDisposable
{
    public const string TokenFile = "data/admin-token";

    private const string Policies = """
        @id("all") permit (principal, action, resource);
        @id("deviation") @onDeny("end-task") forbid (principal, action, resource) when { context.request.path == "/deviate" };
        @id("rogue") @onDeny("suspend-agent") forbid (principal, action, resource) when { context.request.path == "/rogue" };
        @id("denied") forbid (principal, action, resource) when { context.request.path == "/denied" };
        @id("reading") forbid (principal, action, resource)
            when { context.request.path == "/purpose" && !(context has task && context.task.purpose == "writing" && context.task has user && context.task.user == "alice" && context.task.depth == 0 && context.task.calls == 1) };
        @id("second") forbid (principal, action, resource) when { context.request.path == "/once" && context.history.callsLastMinute >= 1 };
        """;

    private readonly TemporaryFolder _folder;
    private readonly TemporaryFolder _secrets = new();
    private readonly string _key = Canary.New("key");

    private readonly RevocableTokens _tokens;

    private TaskScene(TemporaryFolder folder, RevocableTokens tokens)
    {
        (_folder, _tokens) = (folder, tokens);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public WorkloadIssuer Issuer { get; } = new();

    public RecordingUpstream Upstream { get; private set; } = null!;

    /// <summary>Where the gateway gets the tokens of <c>api</c>, and has them revoked.</summary>
    public RecordingUpstream TokenServer => _tokens.Server;

    public InProcessGateway Gateway { get; private set; } = null!;

    public CallLog Log => new(_folder.Combine("audit"));

    public string Data => _folder.Combine("data");

    /// <summary>Whether the token server refuses to revoke for now.</summary>
    public bool IsDown
    {
        get => _tokens.IsDown;
        set => _tokens.IsDown = value;
    }

    /// <summary>The tokens that were revoked, in order.</summary>
    public IReadOnlyCollection<string> Revoked => _tokens.Revoked;

    public TaskRegistry Tasks => Gateway.Services.GetRequiredService<TaskRegistry>();

    public static async Task<TaskScene> StartAsync(object? tasks = null, object? admin = null, ILoggerProvider? logs = null)
    {
        var scene = new TaskScene(new TemporaryFolder(), await RevocableTokens.StartAsync()) { Upstream = await RecordingUpstream.StartAsync() };
        scene.Upstream.Answer = AnswerAsync;
        try
        {
            scene.Gateway = await InProcessGateway.StartAsync(scene._folder, scene.Setup(tasks, admin), logs);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a gateway over this scene's servers is configured with.</summary>
    public GatewaySetup Setup(object? tasks = null, object? admin = null) => new()
    {
        Identity = Issuer.Configure(_folder, "roles"),
        Tools = new Dictionary<string, object>
        {
            ["api"] = new { Path = "/api", Upstream = Upstream.Url, Credential = "partner" },
            ["strict"] = new { Path = "/strict", Upstream = Upstream.Url, Credential = "key", Tasks = new { Required = true } },
        },
        Credentials = new Dictionary<string, object>
        {
            ["partner"] = _tokens.Credential,
            ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", _key)}", Owner = "tests", NotAfter = "2099-12-31" },
        },
        Policies = Policies,
        Tasks = tasks,
        Admin = admin,
    };

    /// <summary>Stops the gateway in good order and starts it again over the same data.</summary>
    public async Task RestartAsync()
    {
        await Gateway.DisposeAsync();
        Gateway = await InProcessGateway.StartAsync(_folder, Setup());
    }

    /// <summary>A call of an agent with its token and, where there is one, its task.</summary>
    public Task<HttpResponseMessage> CallAsync(string path, string? task = null, string agent = "worker") => CallWithAsync(Issuer.Token(agent), path, task);

    public async Task<HttpResponseMessage> CallWithAsync(string token, string path, string? task = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Gateway-Identity", token);
        if (task is not null)
        {
            request.Headers.TryAddWithoutValidation("Gateway-Task", task);
        }

        return await Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
    }

    /// <summary>A request to the gateway itself.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string body, string agent = "worker")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Gateway-Identity", Issuer.Token(agent));
        return await Gateway.Client.SendAsync(request, Stop);
    }

    /// <summary>Starts a task by the agent API.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> StartTaskAsync(string body = """{"purpose":"testing"}""", string agent = "worker")
    {
        using var response = await PostAsync("/.gateway/tasks", body, agent);
        var answer = await ReadAsync(response, HttpStatusCode.Created);
        return answer.Text("id")!;
    }

    /// <summary>Ends a task by the agent API.</summary>
    /// <returns>The receipt.</returns>
    public async Task<JsonElement> EndTaskAsync(string task, string agent = "worker")
    {
        using var response = await PostAsync($"/.gateway/tasks/{task}/end", "", agent);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    /// <summary>Asks the admin API, with the admin token unless there is another.</summary>
    public async Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var bearer = token ?? (await File.ReadAllTextAsync(_folder.Combine(TokenFile), Stop)).Trim();
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        return await Gateway.Admin.SendAsync(request, Stop);
    }

    public async Task<JsonElement> AdminGetAsync(string path)
    {
        using var response = await AdminAsync(HttpMethod.Get, path);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    public async Task<JsonElement> AdminPostAsync(string path, object body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await AdminAsync(HttpMethod.Post, path, body);
        return await ReadAsync(response, status);
    }

    /// <summary>Opens a stream and reads its first bytes.</summary>
    public async Task<(HttpResponseMessage Response, Stream Body)> OpenStreamAsync(string? task = null, string agent = "worker", string tool = "api")
    {
        var response = await CallAsync($"/{tool}/open", task, agent);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.Content.ReadAsStreamAsync(Stop);
        var buffer = new byte[16];
        Assert.Equal("begun", Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer, Stop)));
        return (response, body);
    }

    /// <summary>Whether a stream was broken off; one that ended in good order would look complete to the agent.</summary>
    public static async Task AssertCutAsync(Stream body)
    {
        var rest = await Record.ExceptionAsync(() => body.ReadAsync(new byte[16], Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.True(rest is IOException, $"The stream was not broken off but gave {rest?.GetType().Name ?? "its end"}.");
    }

    /// <summary>The event of a task's end.</summary>
    public async Task<JsonElement> EndOfAsync(string task)
    {
        JsonElement[] Ends() => [.. Log.ReadEntities().Where(e => e.Text("entity", "uid") == task && e.Text("activity_name") == "Deactivate")];
        await Eventually.TrueAsync(() => Task.FromResult(Ends().Length > 0), () => $"The task {task} did not end.", Stop);
        return Assert.Single(Ends());
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.StatusCode == status, $"Expected {(int)status}, got {(int)response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public static Task AssertRefusedAsync(HttpResponseMessage response, string reason, HttpStatusCode status = HttpStatusCode.Forbidden) => Problem.AssertAsync(response, status, reason, Stop);

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Upstream.DisposeAsync();
        await _tokens.DisposeAsync();
        Issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    private static async Task AnswerAsync(RecordedRequest request, HttpContext context)
    {
        if (!request.Target.StartsWith("/open", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync("ok", context.RequestAborted);
            return;
        }

        await context.Response.WriteAsync("begun", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
