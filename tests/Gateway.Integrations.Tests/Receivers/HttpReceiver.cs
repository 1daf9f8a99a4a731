using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Receivers;

/// <summary>A real server that takes batches, keeps what it took and answers as the test says.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpReceiver(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>What was taken: the requests that were answered with 2xx.</summary>
    public ConcurrentQueue<ReceivedRequest> Taken { get; } = new();

    public ConcurrentQueue<ReceivedRequest> All { get; } = new();

    /// <summary>Writes the answer.</summary>
    public Func<ReceivedRequest, HttpResponse, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <param name="port">One that a receiver had before, or 0.</param>
    /// <param name="certificate">For TLS; null: without.</param>
    /// <param name="protocols">What is spoken; without TLS that can only be one.</param>
    public static async Task<HttpReceiver> StartAsync(int port = 0, X509Certificate2? certificate = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        var receiver = new HttpReceiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var isCompressed = context.Request.Headers.ContentEncoding == "gzip";
        await using (var stream = isCompressed ? new GZipStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true) : context.Request.Body)
        {
            await stream.CopyToAsync(body, context.RequestAborted);
        }

        var request = new ReceivedRequest(
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        All.Enqueue(request);
        await Answer(request, context.Response);
        if (context.Response.StatusCode is >= 200 and < 300)
        {
            Taken.Enqueue(request);
        }
    }
}
