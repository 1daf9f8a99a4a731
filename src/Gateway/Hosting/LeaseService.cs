using Gateway.Core.Credentials;
using Gateway.Core.Tasks;

namespace Gateway.Hosting;

/// <summary>Takes up what the process before this one left to revoke; ends all leases when the gateway stops.</summary>
internal sealed partial class LeaseService(
    LeaseStore leases,
    RevocationBook book,
    RevocationWorker worker,
    ILeaseAccounts accounts,
    ITaskStore tasks,
    StartupPlan plan,
    TimeProvider clock,
    ILogger<LeaseService> logger) : IHostedService, IDisposable
{
    /// <summary>Issuers that are up need a fraction of it; what is left is in the outbox for the next start.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _working = Task.CompletedTask;
    private bool _hasStopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await accounts.AbandonAsync(clock.GetUtcNow(), cancellationToken);
        await leases.RestoreAsync(cancellationToken);
        _working = Task.WhenAll(worker.RunAsync(_stopping.Token), PruneAsync(_stopping.Token));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may be stopped and then disposed, which stops it again.
        if (Interlocked.Exchange(ref _hasStopped, true))
        {
            return;
        }

        await leases.StopAsync();
        using var patience = new CancellationTokenSource(StopPatience, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await Task.WhenAll(book.Owed().Select(d => d.WaitUntilSettledAsync(linked.Token)));
        }
        catch (OperationCanceledException)
        {
            RevocationsLeft(logger, book.Owed().Count);
        }

        await _stopping.CancelAsync();
        await _working.WaitAsync(CancellationToken.None);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PruneInterval, clock);
        try
        {
            do
            {
                await PruneOnceAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task PruneOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = clock.GetUtcNow() - plan.Options.State.Retention;

            // Tasks first: their leases go with them.
            await tasks.PruneAsync(before, cancellationToken);
            await accounts.PruneAsync(before, cancellationToken);
        }
        catch (Exception unavailable) when (unavailable is LedgerUnavailableException or StateUnavailableException)
        {
            PruneFailed(logger, unavailable.Message);
        }
    }

    [LoggerMessage(1120, LogLevel.Warning, "{Count} revocations are not done yet; the next start goes on with them", EventName = "RevocationsLeft")]
    private static partial void RevocationsLeft(ILogger logger, int count);

    [LoggerMessage(1121, LogLevel.Warning, "What is kept longer than its retention cannot be forgotten now: {Problem}", EventName = "PruneFailed")]
    private static partial void PruneFailed(ILogger logger, string problem);
}
