using Yarp.ReverseProxy.Configuration;

namespace Gateway.Forwarding;

/// <summary>Gives YARP the tools as routes and clusters, and says when it has taken them over.</summary>
internal sealed class ToolProxyConfigProvider : IProxyConfigProvider, IConfigChangeListener, IDisposable
{
    private ToolProxyConfig _current = new([], []);
    private TaskCompletionSource? _applied;

    public IProxyConfig GetConfig() => Volatile.Read(ref _current);

    /// <summary>Sets what YARP finds when it starts.</summary>
    public void Initialize(ToolProxyConfig config) => Volatile.Write(ref _current, config);

    /// <summary>Hands YARP another configuration; completes when it is in force. Callers take turns.</summary>
    /// <exception cref="InvalidOperationException">YARP refused it; the old one stays in force.</exception>
    public async Task UpdateAsync(ToolProxyConfig config, CancellationToken cancellationToken)
    {
        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _applied, applied);
        var old = Interlocked.Exchange(ref _current, config);
        old.SignalChange();
        await applied.Task.WaitAsync(cancellationToken);
        old.Dispose();
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => Fail(exception);

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => Fail(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Loaded is not applied yet.
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        if (proxyConfigs.Contains(Volatile.Read(ref _current)))
        {
            Interlocked.Exchange(ref _applied, null)?.TrySetResult();
        }
    }

    public void Dispose() => _current.Dispose();

    private void Fail(Exception exception) =>
        Interlocked.Exchange(ref _applied, null)?.TrySetException(new InvalidOperationException("The proxy refused the configuration.", exception));
}
