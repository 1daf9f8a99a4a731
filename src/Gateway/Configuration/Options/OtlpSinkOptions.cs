using System.Collections.ObjectModel;
using Gateway.Core.Credentials;
using Gateway.Integrations.Otlp;

namespace Gateway.Configuration;

/// <summary>
/// An OpenTelemetry collector, as logs over OTLP. What is not written here is taken from OpenTelemetry's environment
/// variables (<c>OTEL_EXPORTER_OTLP_…</c>, those of logs before the common ones), and else has its standard default.
/// </summary>
internal sealed record OtlpSinkOptions : AuditSinkOptions
{
    /// <summary>
    /// The whole URL, https (http on a loopback host); for gRPC without a path. Null: as the environment says, else
    /// "http://localhost:4318/v1/logs", for gRPC "http://localhost:4317".
    /// </summary>
    [Expects("a URL such as \"https://collector:4318/v1/logs\", or \"https://collector:4317\" for gRPC")]
    public string? Endpoint { get; init; }

    /// <summary>Null: as the environment says, else <see cref="OtlpProtocol.HttpProtobuf"/>.</summary>
    public OtlpProtocol? Protocol { get; init; }

    /// <summary>Whether requests are compressed (gzip). Null: as the environment says, else not.</summary>
    public bool? Compress { get; init; }

    /// <summary>Headers that authenticate the gateway, by name. Default: those of the environment.</summary>
    [Expects("headers such as { \"X-Api-Key\": \"secret:collector\" }")]
    public IReadOnlyDictionary<string, SecretReference> Headers { get; init; } = ReadOnlyDictionary<string, SecretReference>.Empty;
}
