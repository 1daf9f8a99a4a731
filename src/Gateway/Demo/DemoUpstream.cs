using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Demo;

/// <summary>A small notes API that answers only calls whose bearer token its authorization server confirms (RFC 7662).</summary>
internal sealed class DemoUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string _introspectionEndpoint;
    private readonly ConcurrentQueue<DemoSighting> _sightings = new();

    private DemoUpstream(WebApplication app, string issuer)
    {
        _app = app;
        _introspectionEndpoint = $"{issuer}/introspect";
    }

    public string Url => _app.Urls.Single();

    public static async Task<DemoUpstream> StartAsync(int port, string issuer, CancellationToken cancellationToken)
    {
        var app = DemoHost.Build(port);
        var upstream = new DemoUpstream(app, issuer);
        app.Use(upstream.AuthorizeAsync);
        app.MapGet("/notes/{id:int}", (int id) => Results.Json(new { id, text = "Buy milk" }));
        app.MapPost("/notes", () => Results.Json(new { id = 8 }, statusCode: StatusCodes.Status201Created));
        app.MapDelete("/notes/{id:int}", () => Results.NoContent());
        await app.StartAsync(cancellationToken);
        return upstream;
    }

    /// <summary>What reached the upstream since the last look; null where nothing did.</summary>
    public DemoSighting? TakeSighting() => _sightings.TryDequeue(out var sighting) ? sighting : null;

    /// <summary>Reads a note past the gateway.</summary>
    /// <param name="authorization">The header to bring.</param>
    /// <param name="cancellationToken">The user's Ctrl+C.</param>
    /// <returns>The status.</returns>
    public async Task<int> TryAsync(string authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Url}/notes/7");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await _client.SendAsync(request, cancellationToken);
        _ = TakeSighting();
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AuthorizeAsync(HttpContext context, RequestDelegate next)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _sightings.Enqueue(new DemoSighting($"{context.Request.Method} {target}", authorization));
        if (await IsActiveAsync(authorization, context.RequestAborted))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private async Task<bool> IsActiveAsync(string authorization, CancellationToken cancellationToken)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return false;
        }

        using var form = new FormUrlEncodedContent([new("token", authorization["Bearer ".Length..])]);
        using var response = await _client.PostAsync(_introspectionEndpoint, form, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<Dictionary<string, bool>>(cancellationToken);
        return answer?.GetValueOrDefault("active") == true;
    }
}
