namespace Gateway.Integrations.Otlp;

/// <summary>What is exported; the names are those in OpenTelemetry's variables and paths.</summary>
internal enum OtlpSignal
{
    Logs,
    Traces,
    Metrics,
}
