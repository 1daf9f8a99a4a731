using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Sidecar;

/// <summary>A server that reads what comes piece by piece, and answers with all of it, or over TLS with who the client was.</summary>
internal sealed class StreamReceiver(WebApplication app, string url) : IAsyncDisposable
{
    public string Url => url;

    /// <param name="arrived">Completes with the first piece of a body.</param>
    /// <param name="socket">A Unix socket to listen on; null for a free port.</param>
    public static Task<StreamReceiver> StartAsync(TaskCompletionSource arrived, string? socket = null) => StartAsync(
        kestrel =>
        {
            if (socket is null)
            {
                kestrel.Listen(IPAddress.Loopback, 0);
            }
            else
            {
                kestrel.ListenUnixSocket(socket);
            }
        },
        async context =>
        {
            var text = new StringBuilder();
            var buffer = new byte[1024];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                arrived.TrySetResult();
            }

            await context.Response.WriteAsync(text.ToString());
        });

    /// <summary>A server that demands a client certificate, and says which it got.</summary>
    public static Task<StreamReceiver> StartTlsAsync(X509Certificate2 certificate) => StartAsync(
        kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.AllowAnyClientCertificate();
        })),
        context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Connection.ClientCertificate?.Thumbprint}"));

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private static async Task<StreamReceiver> StartAsync(Action<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions> listen, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(listen);
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StreamReceiver(app, app.Urls.First());
    }
}
