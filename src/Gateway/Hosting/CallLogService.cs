using Gateway.Core.Audit;

namespace Gateway.Hosting;

/// <summary>Opens the call log before the first call, and begins it with what is in force; the container's disposal flushes and closes it after the last.</summary>
internal sealed class CallLogService(JsonlCallJournal journal, ConfigurationEvents events, StartupPlan plan) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await journal.StartAsync(cancellationToken);
        events.Started(plan);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
