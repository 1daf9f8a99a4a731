using System.Collections.Concurrent;
using System.Text;
using Gateway.Integrations.Tests.Otlp;
using Gateway.Integrations.Tests.Receivers;

namespace Gateway.Tests.EndToEnd;

/// <summary>A collector that takes OTLP and keeps what it got as it came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;
    private readonly ConcurrentQueue<ReceivedRequest> _requests;
    private readonly bool _isGrpc;

    private OtlpReceiver(IAsyncDisposable server, Uri url, ConcurrentQueue<ReceivedRequest> requests, bool isGrpc)
    {
        _server = server;
        _requests = requests;
        _isGrpc = isGrpc;
        Url = url.GetLeftPart(UriPartial.Authority);
    }

    public string Url { get; }

    /// <summary>Method and path of all that came.</summary>
    public IReadOnlyList<string> Targets => [.. _requests.Select(request => request.Target)];

    public static async Task<OtlpReceiver> StartAsync(bool isGrpc = false)
    {
        if (isGrpc)
        {
            var calls = await GrpcReceiver.StartAsync();
            return new OtlpReceiver(calls, calls.Url, calls.All, isGrpc);
        }

        var posts = await HttpReceiver.StartAsync();
        posts.Answer = (_, response) =>
        {
            response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        };
        return new OtlpReceiver(posts, posts.Url, posts.All, isGrpc);
    }

    /// <summary>All bytes of a signal, each as the character of its number: protobuf writes text as it is.</summary>
    public string Text(string signal) => string.Concat(Of(signal).Select(request => Encoding.Latin1.GetString(request.Body)));

    /// <summary>The call log's lines, in the order of their coming.</summary>
    public IReadOnlyList<string> Lines => [.. Of("logs").SelectMany(request => OtlpLogs.Records(OtlpLogs.ReadProtobuf(request.Body))).Select(OtlpLogs.Body)];

    /// <summary>The values of a header in the requests of a signal.</summary>
    public IEnumerable<string?> Headers(string signal, string name) => Of(signal).Select(request => request.Headers.GetValueOrDefault(name)).Distinct();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private IEnumerable<ReceivedRequest> Of(string signal)
    {
        var target = (signal, _isGrpc) switch
        {
            ("logs", true) => "POST /opentelemetry.proto.collector.logs.v1.LogsService/Export",
            ("traces", true) => "POST /opentelemetry.proto.collector.trace.v1.TraceService/Export",
            ("metrics", true) => "POST /opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
            _ => $"POST /v1/{signal}",
        };
        return _requests.Where(request => request.Target == target);
    }
}
