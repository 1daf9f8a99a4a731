namespace Gateway.Integrations.Otlp;

/// <summary>How a collector is spoken to (OpenTelemetry protocol, "OTLP/gRPC" and "OTLP/HTTP").</summary>
internal enum OtlpProtocol
{
    /// <summary><c>http/protobuf</c>.</summary>
    HttpProtobuf,

    /// <summary><c>http/json</c>.</summary>
    HttpJson,

    /// <summary><c>grpc</c>.</summary>
    Grpc,
}
