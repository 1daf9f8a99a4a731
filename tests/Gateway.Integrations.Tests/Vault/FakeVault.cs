using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>
/// A server that behaves as Vault does in what the gateway needs of it: tokens with parents, accessors and ends, leases that end with
/// their tokens, logins, KV version 2. It can be sealed, be a standby, refuse, stall, and break connections after it did what
/// it was asked. <c>RecordedVaultTests</c> holds it to the recorded answers of a real one.
/// </summary>
internal sealed class FakeVault : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeVaultState _state;

    private FakeVault(WebApplication app, FakeVaultState state) => (_app, _state) = (app, state);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>May do everything and never ends.</summary>
    public static string RootToken => FakeVaultState.RootToken;

    public FakeVaultState State => _state;

    public ConcurrentQueue<FakeVaultRequest> Requests { get; } = new();

    /// <summary>Asked before the server itself; null leaves the answer to it.</summary>
    public Func<FakeVaultRequest, FakeVaultAnswer?>? Refuse { get; set; }

    /// <summary>Runs after the server did what it was asked and before it answers; may wait, or abort the connection.</summary>
    public Func<FakeVaultRequest, HttpContext, Task>? BeforeAnswer { get; set; }

    /// <summary>Whether it is sealed, so that it answers 503 to everything.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Where it redirects everything to, as a standby does; null for an active server.</summary>
    public Uri? RedirectsTo { get; set; }

    /// <summary>What <c>Retry-After</c> says beside a refusal; null leaves it out.</summary>
    public string? RetryAfter { get; set; }

    public static async Task<FakeVault> StartAsync(TimeProvider? clock = null, Action<KestrelServerOptions>? kestrel = null, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (kestrel is null)
        {
            builder.WebHost.UseUrls(url);
        }
        else
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel);
        }

        var app = builder.Build();
        var vault = new FakeVault(app, new FakeVaultState(clock ?? TimeProvider.System));
        app.Run(vault.ServeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return vault;
    }

    /// <summary>How often a path was asked for.</summary>
    public int Count(string path) => Requests.Count(r => r.Path == path);

    public async ValueTask DisposeAsync()
    {
        // Connections that a test left hanging are not waited for.
        using var patience = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        Requests.Enqueue(request);
        if (RedirectsTo is { } active)
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = new Uri(active, context.Request.Path + context.Request.QueryString).AbsoluteUri;
            return;
        }

        var answer = Refuse?.Invoke(request) ?? (IsSealed ? Sealed(request) : _state.Handle(request));
        if (BeforeAnswer is { } before)
        {
            await before(request, context);
            if (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }
        }

        context.Response.StatusCode = answer.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (RetryAfter is not null && answer.Status >= 400)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }

        if (answer.Body is not null)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.Body.ToJsonString(), context.RequestAborted);
        }
    }

    private static FakeVaultAnswer Sealed(FakeVaultRequest request) => request.Path == "sys/health"
        ? new(503, new JsonObject { ["initialized"] = true, ["sealed"] = true, ["standby"] = true })
        : FakeVaultAnswer.Error(503, "error performing token check: Vault is sealed");

    private static async Task<FakeVaultRequest> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers;
        return new FakeVaultRequest(
            context.Request.Method == "PUT" ? "POST" : context.Request.Method,
            (context.Request.Path.Value ?? "")["/v1/".Length..],
            headers.TryGetValue("X-Vault-Token", out var token) ? token.ToString() : null,
            headers.TryGetValue("X-Vault-Namespace", out var space) ? space.ToString() : null,
            headers["X-Vault-Request"] == "true",
            text.Length == 0 ? null : JsonSerializer.Deserialize<JsonObject>(text));
    }
}
