using Gateway.Integrations.Otlp;
using Gateway.Telemetry;

namespace Gateway.Configuration;

/// <summary>Checks what the environment says about the export of traces and metrics, where they are exported.</summary>
internal static class TelemetryValidator
{
    private const string Key = "Gateway:Telemetry:Otlp";

    public static void Validate(TelemetryOptions options, IReadOnlyDictionary<string, string> environment, ConfigurationErrors errors)
    {
        var exported = OtlpSettings.Read(options.Otlp, environment.GetValueOrDefault);
        if (exported.Traces)
        {
            Validate(OtlpSignal.Traces, "TRACES", environment, errors);
        }

        if (exported.Metrics)
        {
            Validate(OtlpSignal.Metrics, "METRICS", environment, errors);
        }
    }

    private static void Validate(OtlpSignal signal, string name, IReadOnlyDictionary<string, string> environment, ConfigurationErrors errors)
    {
        var variables = new OtlpEnvironment(signal, environment.GetValueOrDefault);
        var protocol = variables.Protocol;
        if (protocol is not (OtlpProtocol.Grpc or OtlpProtocol.HttpProtobuf))
        {
            Add($"OTLP protocol, which can be grpc or http/protobuf: set OTEL_EXPORTER_OTLP_{name}_PROTOCOL, or OTEL_{name}_EXPORTER to none.");
        }

        var endpoint = variables.Endpoint(protocol ?? OtlpProtocol.HttpProtobuf);
        if ((WebAddress.Check(endpoint, queryAllowed: true) ?? (protocol == OtlpProtocol.Grpc ? WebAddress.CheckNoPath(endpoint) : null)) is { } problem)
        {
            Add($"OTLP endpoint, which {problem}");
        }

        if (variables.Compression is not (null or "gzip" or "none"))
        {
            Add($"OTLP compression, which can be gzip or none: set OTEL_EXPORTER_OTLP_{name}_COMPRESSION.");
        }

        if (variables.TimeoutVariable is { } timeout && variables.Timeout is null)
        {
            Add($"{timeout}, which must be a whole number of milliseconds.");
        }

        void Add(string what) => errors.Add(Key, $"sends {name.ToLowerInvariant()} by the environment's {what}");
    }
}
