using System.Diagnostics;
using System.Text;

namespace Gateway.Telemetry;

/// <summary>Takes the agent's trace from its request (W3C Trace Context), and nothing else: no baggage, no older formats.</summary>
/// <remarks>
/// A <c>traceparent</c> that is not well-formed starts a new trace (section 3.2.2.2, "a vendor must restart the trace"); its text
/// goes nowhere. Writing is done by <see cref="OutgoingTrace"/> alone.
/// </remarks>
internal sealed class TraceContextPropagator : DistributedContextPropagator
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    /// <summary>What section 3.3.1.5 asks to be passed on at least; an agent's longer list is no business of ours.</summary>
    private const int MaxStateLength = 512;

    public override IReadOnlyCollection<string> Fields { get; } = [Parent, State];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        // Answers carry no trace.
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        (traceId, traceState) = (null, null);
        if (getter is null || Read(carrier, getter, Parent) is not [var parent] || !IsWellFormed(parent))
        {
            return;
        }

        traceId = parent;
        var state = string.Join(',', Read(carrier, getter, State));
        traceState = state.Length is > 0 and <= MaxStateLength && Ascii.IsValid(state) ? state : null;
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;

    /// <remarks>.NET takes any character for a dash.</remarks>
    public static bool IsWellFormed(string? parent) =>
        parent is { Length: 55 } && parent[2] == '-' && parent[35] == '-' && parent[52] == '-' && ActivityContext.TryParse(parent, null, isRemote: true, out _);

    private static IReadOnlyList<string> Read(object? carrier, PropagatorGetterCallback getter, string field)
    {
        getter(carrier, field, out var value, out var values);
        return values is not null ? [.. values] : value is not null ? [value] : [];
    }
}
