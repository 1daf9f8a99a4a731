using System.Net.Http.Headers;
using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>The real gateway, started as an operator would start it: <c>gateway run --config FILE</c>.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private GatewayProcess(ChildProcess process, TemporaryFolder folder, int agents, int admin, int https)
    {
        _process = process;
        Folder = folder;
        Agents = new Uri($"http://127.0.0.1:{agents}");
        Admin = new Uri($"http://127.0.0.1:{admin}");
        Https = new Uri($"https://127.0.0.1:{https}");
        Client = CreateClient();
        Log = new CallLog(folder.Combine("audit"));
    }

    /// <summary>Holds the configuration, <c>policies/</c>, <c>data/</c> and <c>audit/</c>.</summary>
    public TemporaryFolder Folder { get; }

    public Uri Agents { get; }

    public Uri Admin { get; }

    /// <summary>Answers only if the setup has a certificate.</summary>
    public Uri Https { get; }

    /// <summary>Calls the agents' listener; knows no identity.</summary>
    public HttpClient Client { get; }

    public CallLog Log { get; }

    public int Id => _process.Id;

    /// <summary>Everything that the gateway has printed so far.</summary>
    public string Output => _process.Output;

    public static async Task<GatewayProcess> StartAsync(TemporaryFolder folder, GatewaySetup setup, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (agents, admin, https) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
            folder.Write("policies/test.cedar", setup.Policies);
            var configuration = folder.Write("gateway.json", setup.ConfigurationJson(agents, admin, https));
            var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "run", "--config", configuration, .. setup.Arguments], Environment(setup), folder.Path);
            var gateway = new GatewayProcess(process, folder, agents, admin, https);
            try
            {
                if (await gateway.IsReadyAsync(cancellationToken))
                {
                    return gateway;
                }
            }
            catch
            {
                await gateway.DisposeAsync();
                throw;
            }

            // Somebody else may have taken a port in the meantime.
            var output = gateway.Output;
            await gateway.DisposeAsync();
            if (attempt == 3 || !output.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"The gateway did not start:\n{output}\nwith\n{await File.ReadAllTextAsync(configuration, cancellationToken)}");
            }
        }
    }

    /// <summary>A call with a workload token as bearer token.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, CancellationToken cancellationToken, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Client.SendAsync(request, cancellationToken);
    }

    /// <summary>What <c>/healthz/ready</c> says, whatever its status.</summary>
    public async Task<JsonElement> ReadinessAsync(CancellationToken cancellationToken)
    {
        using var response = await Client.GetAsync(new Uri(Admin, "/healthz/ready"), cancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Waits until an entry of the readiness has a state.</summary>
    public Task WaitForReadinessAsync(string entry, string status, CancellationToken cancellationToken) => Eventually.TrueAsync(
        async () => (await ReadinessAsync(cancellationToken)).GetProperty("entries").GetProperty(entry).GetProperty("status").GetString() == status,
        () => $"The readiness entry '{entry}' did not become '{status}'. The gateway printed:\n{Output}",
        cancellationToken);

    /// <summary>Ends the gateway in good order, so that all it had to write is written.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _process.StopAsync(cancellationToken);

    /// <summary>Ends the gateway as a crash does (SIGKILL).</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private static Dictionary<string, string> Environment(GatewaySetup setup)
    {
        var level = setup.Trace ? "Trace" : "Information";
        return new Dictionary<string, string>(setup.Environment)
        {
            ["Logging__LogLevel__Default"] = level,
            ["Logging__LogLevel__Microsoft"] = level,
            ["Logging__LogLevel__System"] = level,
            ["Logging__LogLevel__Yarp"] = level,

            // The most specific setting there is; what must never be logged is not, whatever the settings say.
            ["Logging__Console__LogLevel__Yarp.ReverseProxy.Forwarder.HttpForwarder"] = level,

            // A proxy of the machine must neither see nor break calls between loopback ports.
            ["NO_PROXY"] = "*",
            ["no_proxy"] = "*",
        };
    }

    private HttpClient CreateClient() => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = Agents,
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <returns>False if the process ended before it was ready.</returns>
    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartPatience);
        while (!_process.HasExited)
        {
            try
            {
                using var response = await Client.GetAsync(new Uri(Admin, "/healthz/ready"), limit.Token);
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"The gateway was not ready within {StartPatience}:\n{Output}", exception);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        await _process.WaitForExitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        return false;
    }
}
