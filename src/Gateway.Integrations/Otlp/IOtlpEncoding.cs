using Gateway.Core.Audit.Delivery;

namespace Gateway.Integrations.Otlp;

/// <summary>An encoding of OTLP's requests and answers.</summary>
internal interface IOtlpEncoding
{
    string ContentType { get; }

    /// <summary>An <c>ExportLogsServiceRequest</c> with all records of the batch.</summary>
    byte[] Encode(DeliveryBatch batch);

    /// <summary>How many records an <c>ExportLogsServiceResponse</c> says were dropped; 0 of one that cannot be read.</summary>
    long ReadRejected(ReadOnlySpan<byte> answer);
}
