using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Text;

namespace Gateway.Tests.Hosting;

/// <summary>Every span with its tags and events, every measurement with its tags, and the events of the networking stack: all that an exporter could send.</summary>
internal sealed class CapturedTelemetry : IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters;
    private readonly Events _events;

    public CapturedTelemetry()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Describe,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.Start();
        _events = new Events(Append);
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
        _events.Dispose();
    }

    private void Describe(Activity activity) => Append(
        $"span {activity.Source.Name} {activity.OperationName} {activity.DisplayName} {activity.StatusDescription} "
        + $"{string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)} "
        + string.Join(' ', activity.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags)}")));

    private void Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder($"metric {instrument.Name}");
        foreach (var tag in tags)
        {
            text.Append(' ').Append(tag);
        }

        Append(text.ToString());
    }

    private void Append(string line)
    {
        lock (_gate)
        {
            _text.AppendLine(line);
        }
    }

    private sealed class Events : EventListener
    {
        private static readonly string[] Sources =
            ["System.Net.Http", "System.Net.Security", "System.Net.NameResolution", "Yarp.ReverseProxy", "Microsoft.AspNetCore.Hosting", "Microsoft-AspNetCore-Server-Kestrel"];

        private readonly Action<string>? _append;

        public Events(Action<string> append)
        {
            _append = append;
            foreach (var source in EventSource.GetSources().Where(s => Sources.Contains(s.Name)))
            {
                EnableEvents(source, EventLevel.Verbose, EventKeywords.All);
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (Sources.Contains(eventSource.Name))
            {
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            _append?.Invoke($"event {eventData.EventSource.Name} {eventData.EventName} {string.Join(' ', eventData.Payload ?? new([]))}");
    }
}
