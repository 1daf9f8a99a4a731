using System.Diagnostics;

namespace Gateway.Telemetry;

/// <summary>What the request to an upstream says about the trace.</summary>
internal static class OutgoingTrace
{
    /// <param name="request">With the agent's own headers on it.</param>
    /// <param name="propagate">Whether this upstream is told of traces.</param>
    /// <param name="span">The gateway's span for the request; null where none are made, and the agent's trace passes as it came.</param>
    public static void Apply(HttpRequestMessage request, bool propagate, Activity? span)
    {
        var headers = request.Headers;
        if (propagate && span is null && headers.TryGetValues(TraceContextPropagator.Parent, out var values) && values.ToArray() is [var parent] && TraceContextPropagator.IsWellFormed(parent))
        {
            return;
        }

        headers.Remove(TraceContextPropagator.Parent);
        headers.Remove(TraceContextPropagator.State);
        if (!propagate || span is not { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            return;
        }

        headers.TryAddWithoutValidation(TraceContextPropagator.Parent, id);
        if (span.TraceStateString is { Length: > 0 } state)
        {
            headers.TryAddWithoutValidation(TraceContextPropagator.State, state);
        }
    }
}
