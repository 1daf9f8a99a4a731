using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>Answers as a real Vault once did: the recorded answers to a request one after the other, the last one for ever.</summary>
/// <remarks>A request is the recorded one when method, path and token are the same, and its body has the same members of the same kinds.</remarks>
internal sealed class ReplayingVault : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<RecordedExchange> _exchanges;
    private readonly HashSet<RecordedExchange> _used = [];
    private readonly Lock _gate = new();

    private ReplayingVault(WebApplication app, IEnumerable<RecordedExchange> exchanges) => (_app, _exchanges) = (app, [.. exchanges]);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The names of the exchanges that were replayed.</summary>
    public List<string> Replayed { get; } = [];

    public static async Task<ReplayingVault> StartAsync(IEnumerable<RecordedExchange> exchanges)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var vault = new ReplayingVault(app, exchanges);
        app.Run(vault.ServeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return vault;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var body = text.Length == 0 ? null : JsonSerializer.Deserialize<JsonObject>(text);
        var exchange = Find(context.Request.Method, (context.Request.Path.Value ?? "")["/v1/".Length..], context.Request.Headers["X-Vault-Token"], body);
        context.Response.StatusCode = exchange?.Status ?? 418; // which no Vault says
        if (exchange?.Answer is { } answer)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
        }
    }

    private RecordedExchange? Find(string method, string path, string? token, JsonObject? body)
    {
        lock (_gate)
        {
            var same = _exchanges.Where(e => e.Method == method && e.Path == path && e.Token == token && Shape(e.Body) == Shape(body)).ToList();
            var found = same.Find(e => !_used.Contains(e)) ?? same.LastOrDefault();
            if (found is not null)
            {
                _used.Add(found);
                Replayed.Add(found.Name);
            }

            return found;
        }
    }

    private static string Shape(JsonObject? body) =>
        body is null ? "" : string.Join(',', body.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}:{m.Value?.GetValueKind()}")).Replace("False", "True", StringComparison.Ordinal);
}
