using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Gateway.Tests.Telemetry;

/// <summary>What the instruments of one gateway measure.</summary>
internal sealed class CapturedMeasurements : IDisposable
{
    private readonly ConcurrentQueue<Measured> _all = new();
    private readonly MeterListener _listener = new();

    /// <param name="meters">The gateway's; others in this process have their own.</param>
    public CapturedMeasurements(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Gateway" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All of an instrument so far.</summary>
    public IReadOnlyList<Measured> Of(string instrument) => [.. _all.Where(m => m.Instrument == instrument)];

    /// <summary>What an instrument that is only observed shows now.</summary>
    public IReadOnlyList<Measured> Observe(string instrument)
    {
        var before = _all.Count;
        _listener.RecordObservableInstruments();
        return [.. _all.Skip(before).Where(m => m.Instrument == instrument)];
    }

    /// <summary>Waits for measurements, which may follow an answer.</summary>
    public async Task<IReadOnlyList<Measured>> WaitAsync(string instrument, int count)
    {
        await EndToEnd.Eventually.TrueAsync(
            () => Task.FromResult(Of(instrument).Count >= count), () => $"{instrument} was not measured {count} times.", TestContext.Current.CancellationToken);
        return Of(instrument);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _all.Enqueue(new Measured(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => $"{tag.Value}")));

    internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string> Tags)
    {
        /// <summary>Values of labels in the order of their names.</summary>
        public string Labels => string.Join(' ', Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => tag.Value));
    }
}
