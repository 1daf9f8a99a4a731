using System.Collections.Concurrent;
using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary>A collector that takes OTLP over HTTP and keeps what it got as it came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly RecordingUpstream _server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private OtlpReceiver(RecordingUpstream server)
    {
        _server = server;
        server.Answer = (request, context) =>
        {
            _received.Enqueue((request.Target, request.Body));
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        };
    }

    public string Url => _server.Url;

    public IReadOnlyCollection<RecordedRequest> Requests => _server.Requests;

    public static async Task<OtlpReceiver> StartAsync() => new(await RecordingUpstream.StartAsync());

    /// <summary>All bytes of a signal, each as the character of its number: protobuf writes text as it is.</summary>
    public string Text(string signal) => string.Concat(_received.Where(r => r.Path == $"/v1/{signal}").Select(r => Encoding.Latin1.GetString(r.Body)));

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
