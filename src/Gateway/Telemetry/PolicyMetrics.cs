using System.Diagnostics.Metrics;

namespace Gateway.Telemetry;

/// <summary>How long policy decision points take.</summary>
internal sealed class PolicyMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private readonly Histogram<double> _decisions;

    public PolicyMetrics(IMeterFactory meters)
    {
        _decisions = meters.Create(Tracing.Name).CreateHistogram("gateway.decision_point.duration", "s", "How long a policy decision point took, by what it said.", advice: Seconds);
    }

    public bool Enabled => _decisions.Enabled;

    /// <param name="engine">"opa" or "authzen".</param>
    /// <param name="decision">"allow", "deny", or "none" where it did not decide.</param>
    /// <param name="duration">From the question to the answer.</param>
    public void Decided(string engine, string decision, TimeSpan duration) =>
        _decisions.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("gateway.policy.engine", engine), new KeyValuePair<string, object?>("gateway.decision", decision));
}
