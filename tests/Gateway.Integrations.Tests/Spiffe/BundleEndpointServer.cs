using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Spiffe;

/// <summary>A real bundle endpoint over TLS on a real port.</summary>
internal sealed class BundleEndpointServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private BundleEndpointServer(WebApplication application) => _application = application;

    public Uri Url => new($"https://localhost:{new Uri(_application.Urls.Single()).Port}/bundle");

    public RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<BundleEndpointServer> StartAsync(X509Certificate2 certificate, params X509Certificate2[] intermediates)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ServerCertificateChain = [.. intermediates];
        })));
        var application = builder.Build();
        var server = new BundleEndpointServer(application);
        application.Run(context => server.Answer(context));
        await application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public void Publish(string bundle) => Answer = context => context.Response.WriteAsync(bundle);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
