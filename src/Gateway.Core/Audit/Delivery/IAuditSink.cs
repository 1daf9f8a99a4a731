namespace Gateway.Core.Audit.Delivery;

/// <summary>A receiver of the call log's records.</summary>
internal interface IAuditSink
{
    /// <summary>Hands a batch to the receiver. Never called twice at once.</summary>
    /// <param name="batch">
    /// Follows the batch before it, or is one again that was not accepted. Empty where there is nothing new and the receiver
    /// has yet to answer for what it was given.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>What became of it. An exception is a fault of the sink; the batch is then tried again.</returns>
    ValueTask<DeliveryResult> DeliverAsync(DeliveryBatch batch, CancellationToken cancellationToken);
}
