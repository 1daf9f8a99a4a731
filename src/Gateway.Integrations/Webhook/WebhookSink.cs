using System.Security.Cryptography;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;
using Gateway.Integrations.Receivers;

namespace Gateway.Integrations.Webhook;

/// <summary>Posts records in batches. A receiver has a batch once it has answered with 2xx.</summary>
internal sealed class WebhookSink(ReceiverClient client, WebhookFormat format, string host) : IAuditSink, IDisposable
{
    private readonly WebhookBody _body = new(format, host);
    private readonly LineBuffer _buffer = new(64 * 1024);

    public ValueTask<DeliveryResult> DeliverAsync(DeliveryBatch batch, CancellationToken cancellationToken)
    {
        _buffer.CutTo(0);
        _body.Write(batch, _buffer);
        return client.PostAsync(
            _buffer.Written.ToArray(),
            _body.ContentType,
            [KeyValuePair.Create("Idempotency-Key", Key(batch))],
            static _ => DeliveryResult.Accepted(),
            cancellationToken);
    }

    public void Dispose() => client.Dispose();

    /// <summary>
    /// First and last sequence, and a digest, since another gateway's records have the same sequences. The same for a batch
    /// that is sent again; after a restart batches may be cut elsewhere, and what tells then is each record's own id.
    /// </summary>
    private string Key(DeliveryBatch batch) =>
        $"\"{batch.FirstSequence}-{batch.LastSequence}-{Convert.ToHexStringLower(SHA256.HashData(_buffer.Written).AsSpan(0, 8))}\"";
}
