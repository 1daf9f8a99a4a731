using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.OAuth2;

/// <summary>A real token endpoint on a port of its own, that answers as the test says and keeps what it was asked.</summary>
internal sealed class TokenEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TokenEndpoint(WebApplication app) => _app = app;

    public ConcurrentQueue<(string? Authorization, Dictionary<string, string> Form)> Requests { get; } = new();

    public Uri Url => new(_app.Urls.Single() + "/token");

    public static async Task<TokenEndpoint> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var endpoint = new TokenEndpoint(app);
        app.MapPost("/token", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            endpoint.Requests.Enqueue((context.Request.Headers.Authorization, form.ToDictionary(f => f.Key, f => f.Value.ToString())));
            await answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return endpoint;
    }

    public static Task<TokenEndpoint> StartAsync(int status, string body, string contentType = "application/json") =>
        StartAsync(context => WriteAsync(context, status, body, contentType));

    public static async Task WriteAsync(HttpContext context, int status, string body, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
