using Gateway.Core.Audit.Delivery;
using Gateway.Integrations.Receivers;

namespace Gateway.Integrations.Otlp;

/// <summary>Exports records as logs over OTLP/HTTP. A collector has a batch once it has answered with 2xx.</summary>
internal sealed class OtlpSink(ReceiverClient client, IOtlpEncoding encoding) : IAuditSink, IDisposable
{
    public ValueTask<DeliveryResult> DeliverAsync(DeliveryBatch batch, CancellationToken cancellationToken)
    {
        var count = batch.Count;
        return client.PostAsync(encoding.Encode(batch), encoding.ContentType, [], answer => Accept(encoding, answer, count), cancellationToken);
    }

    /// <summary>What a collector has rejected must not be sent again ("Partial Success"); what cannot be true is not believed.</summary>
    public static DeliveryResult Accept(IOtlpEncoding encoding, byte[] answer, int count) => DeliveryResult.Accepted(Math.Clamp(encoding.ReadRejected(answer), 0, count));

    public void Dispose() => client.Dispose();
}
