using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gateway.Telemetry;

/// <summary>Calls and what their stages cost. No label is anything that an agent chooses.</summary>
internal sealed class CallMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        // A stage that finds everything at hand takes microseconds; the last one lasts as long as the upstream answers.
        HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
    };

    private readonly ToolLabels _tools = new();
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _stages;

    public CallMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Tracing.Name);
        _calls = meter.CreateCounter<long>("gateway.calls", "{call}", "Calls of agents, by what came of them.");
        _stages = meter.CreateHistogram("gateway.stage.duration", "s", "How long a stage of a call took; the stage forward ends with the upstream's last byte.", advice: Seconds);
    }

    public bool CountsCalls => _calls.Enabled;

    public bool TimesStages => _stages.Enabled;

    /// <param name="tool">Name of a configured tool; null where the call reached none.</param>
    /// <param name="decision">"allow", "deny" or "none".</param>
    /// <param name="reason">A refusal's name, "interrupted", or null where there is nothing to say.</param>
    public void Called(string? tool, string decision, string? reason)
    {
        var tags = new TagList { { "gateway.tool.name", _tools.Of(tool) }, { "gateway.decision", decision } };
        if (reason is not null)
        {
            tags.Add("gateway.reason", reason);
        }

        _calls.Add(1, tags);
    }

    public void Staged(string stage, TimeSpan duration) => _stages.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("gateway.stage", stage));
}
