using Gateway.Hosting;

namespace Gateway.Tasks;

/// <summary>Has the audit key ready before anything is signed.</summary>
/// <remarks>
/// Apart from <see cref="AuditKeyStore"/>: the container disposes of what it hands out as a hosted service before the call
/// log, which signs for its end.
/// </remarks>
internal sealed class AuditKeyService(AuditKeyStore keys) : IHostedService
{
    private bool _isLoaded;

    /// <exception cref="StartupException">There is no key.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_isLoaded)
        {
            return;
        }

        try
        {
            await keys.LoadAsync(cancellationToken);
            _isLoaded = true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException("Gateway:DataDirectory", problem.Message, problem);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
