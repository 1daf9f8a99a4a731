using Gateway.Integrations.Otlp;

namespace Gateway.Configuration;

/// <summary>Checks a sink of the type Otlp together with the environment variables that it goes by.</summary>
internal static class OtlpSinkValidator
{
    public static void Validate(OtlpSinkOptions sink, OtlpEnvironment environment, string key, ConfigurationErrors errors)
    {
        var protocol = sink.Protocol ?? environment.Protocol;
        if (protocol is null)
        {
            Add(null, "goes by the environment's OTLP protocol, which for logs can be grpc, http/protobuf or http/json: set OTEL_EXPORTER_OTLP_LOGS_PROTOCOL.");
        }

        var isOwnEndpoint = sink.Endpoint is not null;
        if (CheckEndpoint(sink.Endpoint ?? environment.Endpoint(protocol ?? OtlpProtocol.HttpProtobuf), protocol) is { } problem)
        {
            Add(isOwnEndpoint ? nameof(sink.Endpoint) : null, isOwnEndpoint ? problem : $"goes by the environment's OTLP endpoint, which {problem}");
        }

        if (sink.Compress is null && environment.Compression is not (null or "gzip" or "none"))
        {
            Add(null, "goes by the environment's OTLP compression, which can be gzip or none: set OTEL_EXPORTER_OTLP_LOGS_COMPRESSION.");
        }

        if (environment.TimeoutVariable is { } timeout && environment.Timeout is null)
        {
            Add(null, $"goes by the environment's {timeout}, which must be a whole number of milliseconds.");
        }

        CheckFile(sink.CaFile is null ? environment.Certificate : null, "CERTIFICATE");
        CheckFile(sink.Certificate is null ? environment.ClientCertificate : null, "CLIENT_CERTIFICATE");
        CheckFile(sink.Certificate is null ? environment.ClientKey : null, "CLIENT_KEY");
        foreach (var name in sink.Headers.Keys)
        {
            if (AuditSinksValidator.CheckHeader(name) is { } header)
            {
                errors.Add(ConfigurationNode.Combine($"{key}:{nameof(sink.Headers)}", name), header);
            }
        }

        void Add(string? name, string message) => errors.Add(name is null ? key : $"{key}:{name}", message);

        void CheckFile(string? file, string variable)
        {
            if (file is not null && !File.Exists(file))
            {
                Add(null, $"goes by the environment's OTEL_EXPORTER_OTLP_{variable}, which names a file that does not exist.");
            }
        }
    }

    private static string? CheckEndpoint(string endpoint, OtlpProtocol? protocol) =>
        WebAddress.CheckTrusted(endpoint, queryAllowed: true) ?? (protocol == OtlpProtocol.Grpc ? WebAddress.CheckNoPath(endpoint) : null);
}
