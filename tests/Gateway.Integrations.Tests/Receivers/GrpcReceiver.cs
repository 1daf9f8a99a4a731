using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace Gateway.Integrations.Tests.Receivers;

/// <summary>A real server for unary calls over gRPC: strict about what it takes, keeps it, and answers as the test says.</summary>
internal sealed class GrpcReceiver : IAsyncDisposable
{
    private readonly HttpReceiver _server;

    private GrpcReceiver(HttpReceiver server)
    {
        _server = server;
        server.Answer = HandleAsync;
    }

    public Uri Url => _server.Url;

    /// <summary>What was answered with OK; bodies are messages, decompressed.</summary>
    public ConcurrentQueue<ReceivedRequest> Taken { get; } = new();

    /// <summary>All that were well-formed.</summary>
    public ConcurrentQueue<ReceivedRequest> All { get; } = new();

    /// <summary>Those that were not.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>The connection that each request came by.</summary>
    public ConcurrentQueue<string> Connections { get; } = new();

    public Func<ReceivedRequest, GrpcAnswer> Answer { get; set; } = static _ => new GrpcAnswer();

    /// <summary>What happens before an answer.</summary>
    public Func<HttpContext, Task> Before { get; set; } = static _ => Task.CompletedTask;

    /// <param name="port">One that a receiver had before, or 0.</param>
    /// <param name="certificate">For TLS; null: without.</param>
    public static async Task<GrpcReceiver> StartAsync(int port = 0, X509Certificate2? certificate = null) =>
        new(await HttpReceiver.StartAsync(port, certificate, HttpProtocols.Http2));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(ReceivedRequest request, HttpResponse response)
    {
        Connections.Enqueue(response.HttpContext.Connection.Id);
        if (Unframe(request, response.HttpContext.Request.Protocol) is not { } message)
        {
            Faults.Enqueue($"{request.Target}: {string.Join("; ", request.Headers.Select(header => $"{header.Key}={header.Value}"))}; {request.Body.Length} bytes");
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var call = request with { Body = message };
        All.Enqueue(call);
        await Before(response.HttpContext);
        var answer = Answer(call);
        response.StatusCode = answer.HttpStatus;
        response.ContentType = answer.ContentType;
        if (answer.IsTrailersOnly)
        {
            WriteStatus(answer, (name, value) => response.Headers[name] = value);
        }
        else
        {
            await response.Body.WriteAsync(answer.Body);
            await response.Body.FlushAsync();
            WriteStatus(answer, response.AppendTrailer);
        }

        if (answer is { HttpStatus: 200, Status: "0" })
        {
            Taken.Enqueue(call);
        }
    }

    private static void WriteStatus(GrpcAnswer answer, Action<string, StringValues> write)
    {
        foreach (var (name, value) in new[] { ("grpc-status", answer.Status), ("grpc-message", answer.Message), ("grpc-status-details-bin", answer.Details) })
        {
            if (value is not null)
            {
                write(name, value);
            }
        }
    }

    /// <summary>The message of a request that is as "gRPC over HTTP2" wants it; else null.</summary>
    private static byte[]? Unframe(ReceivedRequest request, string protocol)
    {
        var isCompressed = request.Headers.GetValueOrDefault("grpc-encoding") == "gzip";
        if (protocol != "HTTP/2"
            || !request.Target.StartsWith("POST /", StringComparison.Ordinal)
            || request.Headers.GetValueOrDefault("Content-Type") != "application/grpc"
            || request.Headers.GetValueOrDefault("TE") != "trailers"
            || request.Body.Length < 5
            || request.Body[0] != (isCompressed ? 1 : 0)
            || BinaryPrimitives.ReadInt32BigEndian(request.Body.AsSpan(1)) != request.Body.Length - 5)
        {
            return null;
        }

        if (!isCompressed)
        {
            return request.Body[5..];
        }

        using var message = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(request.Body, 5, request.Body.Length - 5), CompressionMode.Decompress);
        gzip.CopyTo(message);
        return message.ToArray();
    }
}
