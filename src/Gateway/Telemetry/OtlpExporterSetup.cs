using Gateway.Integrations.Otlp;
using OpenTelemetry.Exporter;

namespace Gateway.Telemetry;

/// <summary>What the standard variables say, given to an exporter of the SDK.</summary>
/// <remarks>For itself it reads only those that all signals share, and its default is another protocol than the call log's.</remarks>
internal static class OtlpExporterSetup
{
    public static void Apply(OtlpExporterOptions options, OtlpSignal signal, Func<string, string?> variable)
    {
        var environment = new OtlpEnvironment(signal, variable);
        var protocol = environment.Protocol ?? throw new InvalidOperationException("The environment's OTLP protocol is no known one, which validation refuses.");
        options.Protocol = protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(environment.Endpoint(protocol));
        options.Compression = environment.Compression == "gzip" ? OtlpExportCompression.GZip : OtlpExportCompression.None;
        if (environment.HeadersVariable is { } headers)
        {
            options.Headers = variable(headers);
        }

        if (environment.Timeout is { } timeout)
        {
            options.TimeoutMilliseconds = (int)timeout.TotalMilliseconds;
        }
    }
}
