using System.Globalization;
using System.Net.Http.Headers;
using Gateway.Core.Audit.Delivery;

namespace Gateway.Integrations.Otlp;

/// <summary>A status with which a call over gRPC ends. Its message is the receiver's own words, and is not read.</summary>
/// <param name="Code">One of the codes; of any other number, that number.</param>
/// <param name="RetryDelay">How long the receiver asks to wait; zero where it only says that another attempt may work, null where it says neither.</param>
internal sealed record GrpcStatus(GrpcStatusCode Code, TimeSpan? RetryDelay)
{
    private const string CodeHeader = "grpc-status";
    private const string DetailsHeader = "grpc-status-details-bin";

    /// <summary>In the trailers, or in the headers of an answer that has nothing else ("Trailers-Only"). Null where it is in neither.</summary>
    /// <param name="response">Read to its end, before which there are no trailers.</param>
    public static GrpcStatus? Read(HttpResponseMessage response)
    {
        HttpHeaders headers = response.TrailingHeaders.Contains(CodeHeader) ? response.TrailingHeaders : response.Headers;
        if (!int.TryParse(Single(headers, CodeHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return null;
        }

        return new GrpcStatus((GrpcStatusCode)code, Single(headers, DetailsHeader) is { } details ? GrpcRetryInfo.Read(details) : null);
    }

    /// <summary>What it means for a batch (OpenTelemetry protocol, "OTLP/gRPC: Failures"). <see cref="GrpcStatusCode.Ok"/> alone says nothing.</summary>
    public DeliveryResult Judge() => Code switch
    {
        GrpcStatusCode.Cancelled or GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.Aborted or GrpcStatusCode.OutOfRange or GrpcStatusCode.Unavailable or GrpcStatusCode.DataLoss =>
            DeliveryResult.Failed($"The receiver answered with the gRPC status {Code}.", RetryDelay),
        GrpcStatusCode.ResourceExhausted when RetryDelay is not null =>
            DeliveryResult.Failed("The receiver has no room at the moment (gRPC status ResourceExhausted).", RetryDelay),
        GrpcStatusCode.ResourceExhausted =>
            DeliveryResult.Refused("The receiver finds the batch too large, or has no room (gRPC status ResourceExhausted): lower the sink's BatchBytes or BatchRecords, or raise the receiver's limit."),
        GrpcStatusCode.Unauthenticated or GrpcStatusCode.PermissionDenied =>
            DeliveryResult.Refused($"The receiver does not accept what authenticates the gateway (gRPC status {Code}): check the sink's headers and certificate."),
        GrpcStatusCode.Unimplemented =>
            DeliveryResult.Refused("The receiver takes no logs over gRPC (gRPC status Unimplemented): check the sink's endpoint."),
        _ => DeliveryResult.Refused($"The receiver refuses the records (gRPC status {Code}): its own log says why."),
    };

    private static string? Single(HttpHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && values.Take(2).ToArray() is [var value] ? value : null;
}
