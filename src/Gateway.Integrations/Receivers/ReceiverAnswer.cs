using Gateway.Core.Audit.Delivery;

namespace Gateway.Integrations.Receivers;

/// <summary>What a receiver's HTTP answer means; nothing that it wrote is repeated.</summary>
internal static class ReceiverAnswer
{
    /// <summary>What is beyond is not read.</summary>
    public const int MaximumBytes = 64 * 1024;

    /// <summary>The answer's body, or as much of it as is read at all.</summary>
    public static async ValueTask<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaximumBytes];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    /// <summary>By the status of an answer that is none of success.</summary>
    public static DeliveryResult Judge(HttpResponseMessage response, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            408 or 425 or 429 or >= 500 => DeliveryResult.Failed($"The receiver answered with status {status}.", RetryAfter(response, clock)),
            401 or 403 => DeliveryResult.Refused($"The receiver does not accept what authenticates the gateway (status {status}): check the sink's headers and certificate."),
            404 or 405 => DeliveryResult.Refused($"The receiver takes no records at that path (status {status}): check the sink's URL."),
            413 => DeliveryResult.Refused("The receiver finds the batch too large (status 413): lower the sink's BatchBytes or BatchRecords, or raise the receiver's limit."),
            >= 300 and < 400 => DeliveryResult.Refused($"The receiver redirects (status {status}), which is not followed: write the URL that it redirects to."),
            _ => DeliveryResult.Refused($"The receiver refuses the records (status {status}): its own log says why."),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };
}
