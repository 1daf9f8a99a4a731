using System.Net;
using System.Net.Sockets;
using Gateway.Cli;
using Gateway.Core.Credentials;
using Gateway.Hosting;
using Gateway.Integrations.Secrets;
using Gateway.Tasks;

namespace Gateway.Demo;

/// <summary>Everything that the demo runs: issuer, upstream and gateway, each on a loopback listener of its own.</summary>
internal sealed class DemoSetup : IAsyncDisposable
{
    public const string Agent = "notes-agent";

    private readonly DemoFiles _files;
    private readonly WebApplication _gateway;

    private DemoSetup(DemoFiles files, DemoIssuer issuer, DemoUpstream upstream, WebApplication gateway, Uri url)
    {
        (_files, Issuer, Upstream, _gateway, Url) = (files, issuer, upstream, gateway, url);
    }

    public DemoIssuer Issuer { get; }

    public DemoUpstream Upstream { get; }

    /// <summary>Where agents call.</summary>
    public Uri Url { get; }

    public DemoCallLog CallLog => new(_files.CallLog);

    /// <summary>The file of the public key that receipts are verified with.</summary>
    public string AuditKey => Path.Combine(_files.Data, AuditKeyStore.PublicName);

    public string Configuration => _files.Configuration;

    public static async Task<DemoSetup> StartAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var files = DemoFiles.Create();
        var issuer = await DemoIssuer.StartAsync(PortNear(9100), clock, cancellationToken);
        var upstream = await DemoUpstream.StartAsync(PortNear(9200), issuer.Url, cancellationToken);
        await new EncryptedSecretStore(files.Data, clock).SetAsync("notes-client", new SecretValue(issuer.ClientSecret), cancellationToken);

        var url = $"http://127.0.0.1:{PortNear(8080)}";
        var origin = new ConfigurationOrigin(files.Configuration,
        [
            $"--Gateway:Listeners:Agents:0:Url={url}",
            $"--Gateway:Listeners:Admin:Url=http://127.0.0.1:{PortNear(8081)}",
            $"--Gateway:Identity:Issuers:demo:Issuer={issuer.Url}",
            $"--Gateway:Tools:notes:Upstream={upstream.Url}",
            $"--Gateway:Credentials:notes-token:TokenEndpoint={issuer.Url}/token",
            $"--Gateway:Credentials:notes-token:RevocationEndpoint={issuer.Url}/revoke",
        ])
        {
            // Whatever is set for a gateway of this user's must not reach into the demo.
            ReadsEnvironment = false,
        };
        if (!StartupCheck.TryLoad(origin, out var plan))
        {
            throw new InvalidOperationException("The demo's own configuration is not valid.");
        }

        var gateway = GatewayHost.Build(plan, origin, logging => logging.SetMinimumLevel(LogLevel.None));
        await gateway.StartAsync(cancellationToken);
        return new DemoSetup(files, issuer, upstream, gateway, new Uri(url));
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _gateway.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync(CancellationToken.None);
        await _gateway.DisposeAsync();
        await Upstream.DisposeAsync();
        await Issuer.DisposeAsync();
        _files.Dispose();
    }

    /// <summary>The documented port where it is free, else any: the demo must not fail because something else runs.</summary>
    private static int PortNear(int wanted)
    {
        foreach (var port in (ReadOnlySpan<int>)[wanted, 0])
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken; the next one is any free port.
            }
        }

        throw new IOException("No free port on the loopback interface.");
    }
}
