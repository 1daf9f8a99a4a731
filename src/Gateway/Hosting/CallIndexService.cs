using Gateway.Core.Audit.Index;

namespace Gateway.Hosting;

/// <summary>Fills the index of the call log while the gateway runs.</summary>
internal sealed class CallIndexService(CallIndexer indexer) : BackgroundService
{
    // Off the start: reading what was logged while the gateway was away may take a while.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => indexer.RunAsync(stoppingToken), stoppingToken);
}
