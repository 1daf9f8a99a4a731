using Gateway.Integrations.Sqlite;

namespace Gateway.Hosting;

/// <summary>Opens the state file before whatever needs it starts; the container's disposal closes it.</summary>
internal sealed class StateService(StateDatabase state) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        state.Open();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
