using System.Collections.Concurrent;

namespace Gateway.Telemetry;

/// <summary>Names of tools as labels: as many as a metrics backend bears, however many are configured and however often that changes.</summary>
internal sealed class ToolLabels
{
    public const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private int _count;

    /// <param name="tool">A configured name; null where the call reached no tool.</param>
    public string Of(string? tool)
    {
        if (tool is null)
        {
            return Tracing.Other;
        }

        if (_known.TryGetValue(tool, out var label))
        {
            return label;
        }

        // Two calls at once may count one name twice; the bound holds all the same.
        return Volatile.Read(ref _count) < Capacity && Interlocked.Increment(ref _count) <= Capacity ? _known.GetOrAdd(tool, tool) : Tracing.Other;
    }
}
