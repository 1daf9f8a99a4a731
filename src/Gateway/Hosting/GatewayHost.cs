using System.Text;
using Gateway.Configuration;
using Gateway.Identity;
using Gateway.Integrations.Linux;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hosting;

/// <summary>Builds the web application that serves one configuration, with its listeners.</summary>
internal static class GatewayHost
{
    /// <summary>Enough for a token that is refused as too large to be refused in words, not by a closed connection.</summary>
    private const int MaxRequestHeadersBytes = 160 * 1024;

    private const int MaxRequestLineBytes = 16 * 1024;

    /// <param name="plan">What is served.</param>
    /// <param name="origin">Where it was read from.</param>
    /// <param name="logging">In place of the console.</param>
    /// <param name="services">What takes the place of the gateway's own services.</param>
    public static WebApplication Build(
        StartupPlan plan, ConfigurationOrigin origin, Action<ILoggingBuilder>? logging = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, plan.Options.Listeners));
        builder.WebHost.UseSockets();
        builder.Services.AddOptions<SocketTransportOptions>().Configure<UnixListeners>((sockets, listeners) => sockets.CreateBoundListenSocket = listeners.Bind);
        builder.Logging.ClearProviders();
        var levels = new LogLevels(origin);
        builder.Services.AddSingleton(levels);
        (logging ?? (l => ConfigureLogging(l, levels)))(builder.Logging);
        SilenceLeaks(builder.Logging);
        builder.Services.AddGateway(plan, origin);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapGateway();
        return app;
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LogLevels levels)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Yarp", LogLevel.Warning);
        logging.AddConfiguration(levels.Section);
    }

    /// <summary>After everything else, so that no setting can undo it.</summary>
    private static void SilenceLeaks(ILoggingBuilder logging)
    {
        // Logs whole exceptions, and these quote header lines of the upstream, which may be an echo of the credential. The
        // forwarding stage says what matters. A rule for any category loses to every setting that names one, and a rule for
        // any provider to every setting that names the console.
        const string forwarder = "Yarp.ReverseProxy.Forwarder.HttpForwarder";
        logging.AddFilter(forwarder, LogLevel.None);
        logging.AddFilter<ConsoleLoggerProvider>(forwarder, LogLevel.None);

        // Both would repeat, for every probe and with a stack trace, what has its own message.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, ListenersOptions listeners)
    {
        kestrel.AddServerHeader = false;

        // HttpClient reads an upstream's header bytes as Latin-1; written as the same, they pass as they came.
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxRequestHeadersBytes;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;

        // Bodies are streamed, never held, so their size costs the gateway nothing.
        kestrel.Limits.MaxRequestBodySize = null;
        foreach (var listener in listeners.Agents)
        {
            Listen(kestrel, listener, ListenerRole.Agents);
        }

        Listen(kestrel, listeners.Admin, ListenerRole.Admin);
    }

    private static void Listen(KestrelServerOptions kestrel, ListenerOptions listener, ListenerRole role)
    {
        if (!ListenerAddress.TryParse(listener.Url, out var address, out var problem))
        {
            throw new InvalidOperationException($"A listener's Url {problem}");
        }

        if (address.SocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path, listen => Configure(listen, listener, role));
        }
        else if (address.IsLocalhost)
        {
            kestrel.ListenLocalhost(address.Port, listen => Configure(listen, listener, role));
        }
        else if (address.Ip is { } ip)
        {
            kestrel.Listen(ip, address.Port, listen => Configure(listen, listener, role));
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, listen => Configure(listen, listener, role));
        }
    }

    private static void Configure(ListenOptions listen, ListenerOptions listener, ListenerRole role)
    {
        var feature = new ListenerFeature(role) { ExternalUrls = ExternalUrls.Of(listener) };
        listen.Use(next => connection =>
        {
            connection.Features.Set(feature);
            return next(connection);
        });
        if (listen.SocketPath is not null && role == ListenerRole.Agents)
        {
            var peers = listen.ApplicationServices.GetRequiredService<PeerReader>();
            listen.Use(next => connection => PeerFeature.RunAsync(next, connection, peers));
        }

        TlsListener.Use(listen, listener);
    }
}
