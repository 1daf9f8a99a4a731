namespace Gateway.Hosting;

/// <summary>The configuration in force.</summary>
internal sealed class SnapshotSource
{
    private GatewaySnapshot? _current;

    /// <exception cref="InvalidOperationException">Nothing is configured yet; calls are accepted only afterwards.</exception>
    public GatewaySnapshot Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("No configuration is in force yet.");

    public void Set(GatewaySnapshot snapshot) => Volatile.Write(ref _current, snapshot);
}
