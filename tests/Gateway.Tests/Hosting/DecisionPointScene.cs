using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

/// <summary>A gateway between an upstream with two keys and a policy server.</summary>
internal sealed class DecisionPointScene : IAsyncDisposable
{
    private readonly TemporaryFolder _secrets = new();
    private InProcessGateway? _gateway;

    public TemporaryFolder Folder { get; } = new();

    public WorkloadIssuer Issuer { get; } = new();

    public required RecordingUpstream Upstream { get; init; }

    public required RecordingUpstream Server { get; init; }

    public string Key { get; } = Canary.New("key");

    public string OtherKey { get; } = Canary.New("other");

    public string ServerToken { get; } = Canary.New("server");

    public InProcessGateway Gateway => _gateway ?? throw new InvalidOperationException("Not started.");

    public object Opa => new { Url = Server.Url, Path = "gateway/decision", Token = $"file:{_secrets.Write("server", ServerToken)}" };

    public object AuthZen => new { Url = Server.Url, Token = $"file:{_secrets.Write("server", ServerToken)}" };

    public static async Task<DecisionPointScene> StartAsync(Func<DecisionPointScene, object> policy, ILoggerProvider? logs = null)
    {
        var scene = new DecisionPointScene { Upstream = await RecordingUpstream.StartAsync(), Server = await RecordingUpstream.StartAsync() };
        scene._gateway = await InProcessGateway.StartAsync(scene.Folder, scene.Setup(policy(scene)), logs);
        return scene;
    }

    public GatewaySetup Setup(object policy) => new()
    {
        Identity = Issuer.Configure(Folder),
        Policy = policy,
        Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = Upstream.Url, Credential = "key", Operations = new { things = "GET /things/{id}" } } },
        Credentials = new Dictionary<string, object> { ["key"] = Static("key", Key), ["other"] = Static("other", OtherKey) },
        Policies = """@id("nobody") forbid (principal, action, resource);""",
    };

    /// <summary>How the policy server answers from now on.</summary>
    public void Answer(string json, int status = 200) => Server.Answer = (_, context) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    };

    public async Task<HealthReportEntry> HealthAsync() =>
        (await Gateway.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["policy"];

    public Task<JsonElement> RecordAsync(HttpResponseMessage response) =>
        new CallLog(Folder.Combine("audit")).SingleAsync(response.CallId(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
        await Server.DisposeAsync();
        Issuer.Dispose();
        Folder.Dispose();
        _secrets.Dispose();
    }

    private object Static(string name, string value) => new { Type = "Static", Value = $"file:{_secrets.Write(name, value)}", Owner = "tests", NotAfter = "2099-12-31" };
}
