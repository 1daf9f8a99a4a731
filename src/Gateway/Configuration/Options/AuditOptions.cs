using System.Collections.ObjectModel;
using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>Where calls are recorded.</summary>
internal sealed record AuditOptions
{
    /// <summary>Directory of the call log. Default: "audit" beside the configuration file.</summary>
    [Expects("a directory")]
    public string Directory { get; init; } = "audit";

    /// <summary>
    /// The private key that signs receipts: ES256, PEM, not encrypted. Null: one that is made at the first start and kept in
    /// <c>audit-key.pem</c> in <see cref="GatewayOptions.DataDirectory"/>. The public half is always in <c>audit-key.pub</c> there.
    /// </summary>
    public SecretReference? SigningKey { get; init; }

    /// <summary>
    /// Whether records are also sent to the OpenTelemetry collector that the environment names (<c>OTEL_EXPORTER_OTLP_…</c>): short for
    /// an entry "otlp" of the type Otlp in <see cref="Sinks"/>. Default: false.
    /// </summary>
    public bool Otlp { get; init; }

    /// <summary>Where records are delivered to beside the files, by name (<c>[A-Za-z0-9._-]+</c>). Default: nowhere.</summary>
    public IReadOnlyDictionary<string, AuditSinkOptions> Sinks { get; init; } = ReadOnlyDictionary<string, AuditSinkOptions>.Empty;
}
