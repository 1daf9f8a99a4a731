using Gateway.Core.Credentials;

namespace Gateway.Integrations.Secrets;

/// <summary>Lets one process at a time change the store.</summary>
internal static class StoreLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Longer than a hundred changes in a row take on a slow disk.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the lock; disposing the result gives it back, and so does the death of the process.</summary>
    /// <exception cref="SecretUnavailableException">Another process has held it for half a minute.</exception>
    public static async Task<IAsyncDisposable> TakeAsync(string path, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return PrivateFile.OpenExclusive(path);
            }
            catch (IOException) when (waited < Patience)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
            catch (IOException)
            {
                throw new SecretUnavailableException($"{path} is held by another process, or cannot be written.");
            }
        }
    }
}
