using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.DecisionPoints;

/// <summary>A real server on a port of its own, that answers as the test says and keeps what it was asked.</summary>
internal sealed class PolicyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;

    private PolicyServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public int Connections => Volatile.Read(ref _connections);

    public Func<HttpContext, Task> Answer { get; set; } = Text("{}");

    public ConcurrentQueue<(string Target, IReadOnlyDictionary<string, string> Headers, JsonElement Body)> Requests { get; } = new();

    public static async Task<PolicyServer> StartAsync(Func<HttpContext, Task> answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        PolicyServer? server = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Use(next => connection =>
        {
            Interlocked.Increment(ref server!._connections);
            return next(connection);
        })));
        var app = builder.Build();
        server = new PolicyServer(app) { Answer = answer };
        app.Run(server.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static Task<PolicyServer> StartAsync(string answer) => StartAsync(Text(answer));

    public static Func<HttpContext, Task> Text(string text, int status = 200) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes(text), context.RequestAborted).AsTask();
    };

    public async ValueTask DisposeAsync()
    {
        // An answer that a test holds back must not hold back the end of the test.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
        Requests.Enqueue((
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}",
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body));
        await Answer(context);
    }
}
