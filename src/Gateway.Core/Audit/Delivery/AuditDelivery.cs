namespace Gateway.Core.Audit.Delivery;

/// <summary>All sinks of the call log, each with a loop of its own, so that none waits for another and no call for any.</summary>
internal sealed class AuditDelivery(IReadOnlyList<SinkPump> pumps) : ISinkCursors, IAsyncDisposable
{
    private readonly CancellationTokenSource _finish = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _working = Task.CompletedTask;

    public IReadOnlyList<SinkPump> Sinks => pumps;

    public long? Lowest => pumps.Count == 0 ? null : pumps.Min(pump => pump.Confirmed);

    public void Start()
    {
        foreach (var pump in pumps)
        {
            pump.Open();
        }

        _working = Task.WhenAll(pumps.Select(pump => Task.Run(() => pump.RunAsync(_finish.Token, _stop.Token), CancellationToken.None)));
    }

    /// <summary>Delivers what is on file, and ends.</summary>
    /// <param name="patience">Ends it at once; what is left then is for the next start.</param>
    public async Task StopAsync(CancellationToken patience)
    {
        await _finish.CancelAsync();
        await using (patience.Register(static state => ((CancellationTokenSource)state!).Cancel(), _stop))
        {
            await _working.WaitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working.WaitAsync(CancellationToken.None);
        foreach (var pump in pumps)
        {
            await pump.DisposeAsync();
        }

        _finish.Dispose();
        _stop.Dispose();
    }
}
