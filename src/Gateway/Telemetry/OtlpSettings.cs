namespace Gateway.Telemetry;

/// <summary>What is exported by OTLP, by the standard variables and the configuration. Where to and how is <see cref="OtlpExporterSetup"/>'s.</summary>
/// <param name="Traces">Whether traces are.</param>
/// <param name="Metrics">Whether metrics are.</param>
internal readonly record struct OtlpSettings(bool Traces, bool Metrics)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <param name="configured"><c>Telemetry.Otlp</c>.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static OtlpSettings Read(bool configured, Func<string, string?> variable)
    {
        bool Wants(string signal) =>
            (configured || IsSet(Endpoint) || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) && !Is($"OTEL_{signal}_EXPORTER", "none");
        bool IsSet(string name) => !string.IsNullOrWhiteSpace(variable(name));
        bool Is(string name, string value) => string.Equals(variable(name)?.Trim(), value, StringComparison.OrdinalIgnoreCase);

        return Is("OTEL_SDK_DISABLED", "true") ? default : new OtlpSettings(Wants("TRACES"), Wants("METRICS"));
    }
}
