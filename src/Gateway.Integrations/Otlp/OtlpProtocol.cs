namespace Gateway.Integrations.Otlp;

/// <summary>How records are encoded on their way to a collector (OpenTelemetry protocol, "OTLP/HTTP").</summary>
internal enum OtlpProtocol
{
    /// <summary><c>http/protobuf</c>.</summary>
    HttpProtobuf,

    /// <summary><c>http/json</c>.</summary>
    HttpJson,
}
