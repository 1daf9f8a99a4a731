using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;

namespace Gateway.Hosting;

/// <summary>Delivers the call log while the gateway runs, and what its last calls left before it ends.</summary>
internal sealed class DeliveryService(AuditDelivery delivery, JsonlCallJournal journal, TimeProvider clock) : IHostedService
{
    /// <summary>A receiver that is up needs a fraction of it; what is left is in the files for the next start.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        delivery.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(StopPatience, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await journal.FlushAsync(linked.Token);
        }
        catch (OperationCanceledException)
        {
            // The log cannot be written; what it has is delivered all the same, as far as it goes.
        }

        await delivery.StopAsync(linked.Token);
    }
}
