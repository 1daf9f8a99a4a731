using System.Net.Sockets;
using Gateway.Configuration;
using Gateway.Sidecar;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Sidecar;

/// <summary>A sidecar in the test's own process, with a token file.</summary>
internal sealed class RunningSidecar : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningSidecar(WebApplication app, CapturedLogs logs, HttpClient client)
    {
        _app = app;
        Logs = logs;
        Client = client;
    }

    public CapturedLogs Logs { get; }

    /// <summary>An agent that knows no identity.</summary>
    public HttpClient Client { get; }

    /// <summary>Settings with a sidecar on a free port.</summary>
    public static SidecarSettings To(string gateway, string? tokenFile = null) => new()
    {
        Listen = new ListenerAddress(false, System.Net.IPAddress.Loopback, false, FreePort.Next()),
        Gateway = new Uri(gateway),
        ExternalUrl = new Uri("https://gateway.example:8443"),
        TokenFile = tokenFile,
    };

    /// <summary>A token in form only; a sidecar does not verify it.</summary>
    public static string Token(string name) => $"eyJhbGciOiJub25lIn0.{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name))}.c2lnbmF0dXJl";

    public static async Task<RunningSidecar> StartAsync(SidecarSettings settings)
    {
        var logs = new CapturedLogs();
        var app = SidecarHost.Build(settings, logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        if (settings.Listen.SocketPath is { } path)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        return new RunningSidecar(app, logs, new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{(settings.Listen.SocketPath is null ? settings.Listen.Port : 80)}") });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
