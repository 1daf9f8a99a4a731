using Gateway.Core.Credentials;
using Gateway.Hosting;
using Gateway.Integrations.Secrets;

namespace Gateway.Tasks;

/// <summary>Has the audit key ready before anything is signed.</summary>
/// <remarks>
/// Apart from <see cref="AuditKeyStore"/>: the container disposes of what it hands out as a hosted service before the call
/// log, which signs for its end.
/// </remarks>
internal sealed class AuditKeyService(AuditKeyStore keys, StartupPlan plan) : IHostedService
{
    private const string KeyOption = "Gateway:Audit:SigningKey";
    private const string DirectoryOption = "Gateway:DataDirectory";

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
            PrivateFile.CreateDirectory(plan.Options.DataDirectory);
            await keys.LoadAsync(cancellationToken);
            _isLoaded = true;
        }
        catch (SecretUnavailableException problem)
        {
            throw new StartupException(KeyOption, problem.Message, problem);
        }
        catch (InvalidOperationException problem)
        {
            throw plan.Options.Audit.SigningKey is { } reference
                ? new StartupException(KeyOption, $"{reference}: {problem.InnerException?.Message ?? problem.Message}", problem)
                : new StartupException(DirectoryOption, problem.Message, problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(DirectoryOption, problem.Message, problem);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
