using System.Collections.Concurrent;
using Gateway.Integrations.Tests.Otlp;
using Gateway.Integrations.Tests.Receivers;
using Gateway.Integrations.Tests.Syslog;

namespace Gateway.Tests.EndToEnd;

/// <summary>A gateway that delivers its call log to a collector, a syslog receiver and a webhook, all real.</summary>
public sealed class DeliveryScene : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private readonly ReceiverCertificate _certificate;
    private readonly RecordingUpstream _upstream;
    private readonly ConcurrentQueue<string> _collected = new();
    private readonly ConcurrentQueue<string> _posted = new();
    private readonly List<SyslogReceiver> _formerSyslogs = [];
    private readonly (int Collector, int Webhook, int Syslog) _ports;
    private GatewayProcess? _gateway;
    private int _answered;
    private HttpReceiver? _collector;
    private HttpReceiver? _webhook;
    private SyslogReceiver? _syslog;

    private DeliveryScene(RecordingUpstream upstream)
    {
        _upstream = upstream;
        _certificate = new ReceiverCertificate(_secrets.Path, "receiver");
        _ports = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        Keys = [Canary.New("credential"), Canary.New("webhook"), Canary.New("collector")];
    }

    /// <summary>What must not be found in anything delivered, logged or stored.</summary>
    internal IReadOnlyList<string> Keys { get; }

    internal GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("The gateway does not run.");

    internal TemporaryFolder Folder => _folder;

    /// <summary>What each receiver got, in the order of its coming; repeated records once.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Received => new Dictionary<string, IReadOnlyList<string>>
    {
        ["collector"] = [.. _collected.Distinct()],
        ["webhook"] = [.. _posted.Distinct()],
        ["syslog"] = [.. _formerSyslogs.Append(_syslog).SelectMany(syslog => syslog?.Messages ?? []).Select(message => message[(message.IndexOf("] ", StringComparison.Ordinal) + 2)..]).Distinct()],
    };

    /// <summary>The lines of the log's files.</summary>
    internal IReadOnlyList<string> Logged => [.. Gateway.Log.ReadLines().Select(line => line.GetRawText())];

    public static async Task<DeliveryScene> StartAsync()
    {
        var scene = new DeliveryScene(await RecordingUpstream.StartAsync());
        await scene.StartReceiversAsync();
        await scene.StartGatewayAsync();
        return scene;
    }

    public async Task StartReceiversAsync()
    {
        _collector = await HttpReceiver.StartAsync(_ports.Collector);
        _collector.Answer = (request, _) => CollectAsync(request, _collected, r => OtlpLogs.Records(OtlpLogs.ReadProtobuf(r.Body)).Select(OtlpLogs.Body));
        _webhook = await HttpReceiver.StartAsync(_ports.Webhook);
        _webhook.Answer = (request, _) => CollectAsync(request, _posted, r => r.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        _syslog = new SyslogReceiver(_certificate.Server, _ports.Syslog);
    }

    public async Task StopReceiversAsync()
    {
        await (_collector?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_webhook?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_syslog is not null)
        {
            await _syslog.DisposeAsync();
            _formerSyslogs.Add(_syslog);
            _syslog = null;
        }
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public async Task KillGatewayAsync()
    {
        if (Interlocked.Exchange(ref _gateway, null) is { } gateway)
        {
            await gateway.DisposeAsync();
        }
    }

    public async Task StartGatewayAsync() => _gateway = await GatewayProcess.StartAsync(
        _folder,
        new GatewaySetup
        {
            Identity = _issuer.Configure(_folder),
            Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = _upstream.Url, Credential = "key" } },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", Keys[0])}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = """@id("all") permit (principal, action, resource);""",
            Audit = new
            {
                Directory = "audit",
                Otlp = true,
                Sinks = new Dictionary<string, object>
                {
                    ["webhook"] = new { Type = "Webhook", Url = $"http://127.0.0.1:{_ports.Webhook}/in", Value = $"file:{_secrets.Write("webhook", Keys[1])}", Compress = true, Interval = "00:00:00.05" },
                    ["syslog"] = new { Type = "Syslog", Host = "localhost", Port = _ports.Syslog, CaFile = _certificate.CertificateFile, Interval = "00:00:00.05" },
                },
            },
            Environment = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{_ports.Collector}",
                ["OTEL_EXPORTER_OTLP_LOGS_HEADERS"] = $"api-key={Keys[2]}",
                ["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip",
                ["OTEL_SERVICE_NAME"] = "gateway-under-test",
            },
        },
        TestContext.Current.CancellationToken);

    /// <summary>How many calls have been answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Several calls at once, one after the other, for a while or until the gateway is killed.</summary>
    public async Task CallAsync(TimeSpan duration)
    {
        using var end = new CancellationTokenSource(duration);
        var gateway = Gateway;
        var token = _issuer.Token();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    using var response = await gateway.SendAsync(HttpMethod.Get, "/api/items", token, TestContext.Current.CancellationToken);
                    Interlocked.Increment(ref _answered);
                    await Task.Delay(5, CancellationToken.None);
                }
                catch (Exception exception) when (exception is HttpRequestException or ObjectDisposedException or OperationCanceledException)
                {
                    return; // the gateway was killed
                }
            }
        }));
    }

    /// <summary>Waits until every receiver has every record on file, in their order.</summary>
    public async Task AssertDeliveredAsync()
    {
        await Eventually.TrueAsync(
            () =>
            {
                var logged = Logged;
                return Task.FromResult(Received.Values.All(lines => logged.All(lines.ToHashSet().Contains)));
            },
            () => $"{Logged.Count} records are on file; {string.Join(", ", Received.Select(r => $"{r.Value.Count} at the {r.Key}"))}.\n{Gateway.Output}",
            TestContext.Current.CancellationToken);
        var logged = Logged;
        Assert.All(Received, received => Assert.Equal(logged, received.Value.Take(logged.Count)));
    }

    public async ValueTask DisposeAsync()
    {
        await KillGatewayAsync();
        await StopReceiversAsync();
        await _upstream.DisposeAsync();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    internal IEnumerable<ReceivedRequest> Requests => [.. _collector!.Taken, .. _webhook!.Taken];

    private static Task CollectAsync(ReceivedRequest request, ConcurrentQueue<string> into, Func<ReceivedRequest, IEnumerable<string>> read)
    {
        foreach (var line in read(request))
        {
            into.Enqueue(line);
        }

        return Task.CompletedTask;
    }
}
