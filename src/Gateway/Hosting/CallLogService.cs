using Gateway.Core.Audit;

namespace Gateway.Hosting;

/// <summary>Opens the call log before the first call; the container's disposal flushes and closes it after the last.</summary>
internal sealed class CallLogService(JsonlCallJournal journal) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => journal.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
