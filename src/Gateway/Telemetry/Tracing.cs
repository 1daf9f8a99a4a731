using System.Collections.Frozen;
using System.Diagnostics;

namespace Gateway.Telemetry;

/// <summary>The gateway's own source of spans, and the names that spans and metrics share.</summary>
internal static class Tracing
{
    /// <summary>Of the source of spans and of the meter alike.</summary>
    public const string Name = "Gateway";

    /// <summary>Stands for whatever is not one of ours: what others choose must not become the name of a time series.</summary>
    public const string Other = "_OTHER";

    private static readonly FrozenSet<string> KnownMethods =
        new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY" }.ToFrozenSet(StringComparer.Ordinal);

    public static ActivitySource Source { get; } = new(Name, typeof(Tracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>The gateway's span that is open here, or else the server's; null where nobody listens.</summary>
    public static Activity? Current
    {
        get
        {
            var current = Source.HasListeners() ? Activity.Current : null;
            for (var span = current; span is not null; span = span.Parent)
            {
                // Between it and here may be one of YARP's, which is not exported.
                if (ReferenceEquals(span.Source, Source))
                {
                    return span;
                }
            }

            return current;
        }
    }

    /// <summary>As the OpenTelemetry conventions for HTTP want it.</summary>
    public static string Method(string method) => KnownMethods.Contains(method) ? method : Other;
}
