using System.Text;
using Gateway.Configuration;
using Gateway.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Sidecar;

/// <summary>Builds the web application that is a sidecar.</summary>
internal static class SidecarHost
{
    /// <summary>As much as the gateway takes.</summary>
    private const int MaxRequestLineBytes = 16 * 1024;

    public static WebApplication Build(SidecarSettings settings, Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, settings.Listen));
        builder.WebHost.UseSockets();
        builder.Logging.ClearProviders();
        (logging ?? ConfigureLogging)(builder.Logging);

        // Its exceptions quote lines of what was received.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.None);
        AddServices(builder.Services, settings);
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<SidecarForwarder>().InvokeAsync);
        return app;
    }

    private static void AddServices(IServiceCollection services, SidecarSettings settings)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddHttpForwarder();
        services.AddSingleton(_ => new UnixListeners(settings.Listen.SocketPath is { } path ? [new ListenerOptions { Url = $"{ListenerAddress.UnixScheme}{path}", Mode = "0600" }] : []));
        services.AddOptions<SocketTransportOptions>().Configure<UnixListeners>((sockets, listeners) => sockets.CreateBoundListenSocket = listeners.Bind);
        if (settings.ProvesPossession)
        {
            services.AddSingleton<ProofKey>();
        }

        services.AddSingleton(provider => new GatewayClients(settings, provider.GetService<ProofKey>(), provider.GetRequiredService<TimeProvider>()));
        AddFiles<HttpMessageInvoker>(services, provider =>
        {
            var clients = provider.GetRequiredService<GatewayClients>();
            return (clients.Files, clients.Create);
        });
        if (settings.TokenFile is { } file)
        {
            AddFiles<string>(services, _ => ([file], contents => WorkloadTokenFile.Read(contents[0])));
            AddToken(services, settings);
        }

        services.AddSingleton(provider => new SidecarForwarder(
            settings,
            provider.GetRequiredService<IHttpForwarder>(),
            provider.GetRequiredService<RotatingFiles<HttpMessageInvoker>>(),
            provider.GetService<IWorkloadToken>(),
            provider.GetRequiredService<ILogger<SidecarForwarder>>()));
    }

    private static void AddToken(IServiceCollection services, SidecarSettings settings)
    {
        if (settings.Exchange is not { } exchange)
        {
            services.AddSingleton<IWorkloadToken, WorkloadTokenFile>();
            return;
        }

        services.AddSingleton(exchange);
        services.AddSingleton<BoundToken>();
        services.AddSingleton<IWorkloadToken>(provider => provider.GetRequiredService<BoundToken>());
        services.AddHostedService(provider => provider.GetRequiredService<BoundToken>());
    }

    private static void AddFiles<T>(IServiceCollection services, Func<IServiceProvider, (IReadOnlyList<string> Paths, Func<IReadOnlyList<byte[]>, T?> Make)> files)
        where T : class
    {
        services.AddSingleton(provider =>
        {
            var (paths, make) = files(provider);
            return new RotatingFiles<T>(paths, make, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SidecarForwarder>>());
        });
        services.AddHostedService(provider => provider.GetRequiredService<RotatingFiles<T>>());
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Yarp", LogLevel.Warning);
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, ListenerAddress listen)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;

        // Whoever can connect is trusted to be slow: an agent may think between two pieces of a stream.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        if (listen.SocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path);
        }
        else if (listen.Ip is { } ip)
        {
            kestrel.Listen(ip, listen.Port);
        }
        else
        {
            kestrel.ListenLocalhost(listen.Port);
        }
    }
}
