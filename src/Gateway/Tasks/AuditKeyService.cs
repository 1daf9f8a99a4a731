namespace Gateway.Tasks;

/// <summary>Has the audit key ready before anything is signed.</summary>
/// <remarks>
/// Apart from <see cref="AuditKeyStore"/>: the container disposes of what it hands out as a hosted service before the call
/// log, which signs for its end.
/// </remarks>
internal sealed class AuditKeyService(AuditKeyStore keys) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => keys.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
