namespace Gateway.Configuration;

/// <summary>Where traces and metrics go.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>
    /// Whether traces and metrics are sent by OTLP: to where and how the <c>OTEL_EXPORTER_OTLP_*</c> variables say, else to a collector on
    /// this host. Naming an endpoint in these variables has the same effect. Read at the start. Default: false.
    /// </summary>
    public bool Otlp { get; init; }
}
