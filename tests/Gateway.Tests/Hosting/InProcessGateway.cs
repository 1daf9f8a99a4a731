using System.Net.Http.Headers;
using Gateway.Hosting;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

/// <summary>A gateway in the test's own process, so that what it emits can be listened to.</summary>
internal sealed class InProcessGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _disposed;

    private InProcessGateway(WebApplication app, TemporaryFolder folder, Uri url, Uri admin, Uri https)
    {
        _app = app;
        Folder = folder;
        Client = new HttpClient { BaseAddress = url };
        Admin = new HttpClient { BaseAddress = admin };
        Https = https;
    }

    public TemporaryFolder Folder { get; }

    public HttpClient Client { get; }

    /// <summary>Calls the admin listener; holds no token.</summary>
    public HttpClient Admin { get; }

    /// <summary>Answers only if the setup has a certificate.</summary>
    public Uri Https { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<InProcessGateway> StartAsync(TemporaryFolder folder, GatewaySetup setup, ILoggerProvider? logs = null, Action<IServiceCollection>? services = null)
    {
        var (port, admin, https) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        var file = folder.Write("gateway.json", setup.ConfigurationJson(port, admin, https));
        folder.Write("policies/policies.cedar", setup.Policies);
        var origin = new ConfigurationOrigin(file, []);
        var result = PlanLoader.Load(origin, thorough: false);
        Assert.Empty(result.Errors);
        var app = GatewayHost.Build(
            result.Plan!,
            origin,
            logging =>
            {
                logging.SetMinimumLevel(LogLevel.Trace);
                if (logs is not null)
                {
                    logging.AddProvider(logs);
                }
            },
            services);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new InProcessGateway(app, folder, new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{admin}"), new Uri($"https://127.0.0.1:{https}"));
    }

    public Task<HttpResponseMessage> GetAsync(string path, string token, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Stops it; a test may do so early, to read all that it leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Client.Dispose();
        Admin.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
