using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;
using Gateway.Integrations.Receivers;

namespace Gateway.Integrations.Otlp;

/// <summary>Unary calls to a receiver over gRPC ("gRPC over HTTP2"). A receiver has a message once its status is OK and an answer is there.</summary>
/// <remarks>By hand, since it is one request of fixed shape: the package that has it brings a runtime for services.</remarks>
internal sealed class GrpcClient(ReceiverSettings settings, ISecretSource secrets, TimeProvider clock) : IDisposable
{
    private const string ContentType = "application/grpc";

    private readonly ReceiverConnection _connection = new(settings, secrets, clock);

    /// <param name="method">Path of the method: "/package.Service/Method".</param>
    /// <param name="message">What is sent.</param>
    /// <param name="accepted">Reads the answer of a receiver that took it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask<DeliveryResult> CallAsync(string method, byte[] message, Func<byte[], DeliveryResult> accepted, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.Endpoint, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact, // over http that is HTTP/2 from the first byte on
            Content = new ByteArrayContent(GrpcFrame.Write(message, settings.Compress)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (settings.Compress)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
        }

        return await _connection.ExchangeAsync(request, (response, limit) => JudgeAsync(response, accepted, limit), cancellationToken);
    }

    public void Dispose() => _connection.Dispose();

    private async ValueTask<DeliveryResult> JudgeAsync(HttpResponseMessage response, Func<byte[], DeliveryResult> accepted, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return ReceiverAnswer.Judge(response, clock); // that of something between here and the receiver, for gRPC's own is always 200
        }

        if (response.Content.Headers.ContentType?.MediaType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return DeliveryResult.Refused("The receiver does not speak gRPC: check the sink's endpoint and protocol.");
        }

        var answer = await ReceiverAnswer.ReadAsync(response.Content, cancellationToken);
        if (answer.Length == ReceiverAnswer.MaximumBytes)
        {
            return DeliveryResult.Refused("The receiver's answer is longer than any that OTLP has: check the sink's endpoint.");
        }

        return GrpcStatus.Read(response) switch
        {
            null => DeliveryResult.Failed("The receiver's answer has no gRPC status."),
            { Code: GrpcStatusCode.Ok } => Accept(answer, accepted),
            { } status => status.Judge(),
        };
    }

    private static DeliveryResult Accept(byte[] answer, Func<byte[], DeliveryResult> accepted) =>
        GrpcFrame.TryRead(answer, out var message) ? accepted(message.ToArray()) : DeliveryResult.Failed("The receiver's answer is not one message of gRPC.");
}
