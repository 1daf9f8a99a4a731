using Gateway.Core.Audit.Delivery;

namespace Gateway.Integrations.Otlp;

/// <summary>Exports records as logs over OTLP/gRPC.</summary>
internal sealed class OtlpGrpcSink(GrpcClient client, OtlpProtobuf encoding) : IAuditSink, IDisposable
{
    private const string Method = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

    public ValueTask<DeliveryResult> DeliverAsync(DeliveryBatch batch, CancellationToken cancellationToken)
    {
        var count = batch.Count;
        return client.CallAsync(Method, encoding.Encode(batch), answer => OtlpSink.Accept(encoding, answer, count), cancellationToken);
    }

    public void Dispose() => client.Dispose();
}
