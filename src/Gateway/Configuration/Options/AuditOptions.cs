using System.Collections.ObjectModel;
using Gateway.Core.Audit;

namespace Gateway.Configuration;

/// <summary>Where calls are recorded.</summary>
internal sealed record AuditOptions
{
    /// <summary>Directory of the call log. Default: "audit" beside the configuration file.</summary>
    [Expects("a directory")]
    public string Directory { get; init; } = "audit";

    /// <summary>
    /// What a call's decision survives before the call is forwarded. PageCache: the end of the gateway at any instant. Fsync:
    /// the loss of power too; calls then wait for the disk, together. Default: PageCache.
    /// </summary>
    public CallJournalDurability Durability { get; init; }

    /// <summary>Size in bytes from which on a file of the log is followed by another. 65,536 to 1,073,741,824. Default: 67,108,864.</summary>
    [Expects("a number of bytes")]
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Age from which on a file of the log is followed by another. 1 minute to 366 days. Default: 1 day.</summary>
    [Between("00:01:00", "366.00:00:00")]
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// For how long records are kept at least. Files whose records are all older are deleted, and a signed record says so.
    /// 1 hour to 3650 days. Null, the default, keeps them for ever.
    /// </summary>
    [Between("01:00:00", "3650.00:00:00")]
    public TimeSpan? Retention { get; init; }

    /// <summary>The name of this gateway in every record. 1 to 255 characters. Null: the host's name.</summary>
    [Expects("a name such as \"gateway-eu-1\"")]
    public string? Instance { get; init; }

    /// <summary>What of the log raises an alert, and how often.</summary>
    public AlertsOptions Alerts { get; init; } = new();

    /// <summary>
    /// The key that signs receipts and the log itself, ES256: a reference to a private key in PEM, not encrypted, or <c>transit:NAME</c> or
    /// <c>transit:MOUNT/NAME</c>, a key of the type ecdsa-p256 that stays in Vault. Null: one that is made at the first start and kept in
    /// <c>audit-key.pem</c> in <see cref="GatewayOptions.DataDirectory"/>. The public half is always in <c>audit-key.pub</c> there.
    /// </summary>
    public AuditKeyReference? SigningKey { get; init; }

    /// <summary>
    /// Whether records are also sent to the OpenTelemetry collector that the environment names (<c>OTEL_EXPORTER_OTLP_…</c>): short for
    /// an entry "otlp" of the type Otlp in <see cref="Sinks"/>. Default: false.
    /// </summary>
    public bool Otlp { get; init; }

    /// <summary>Where records are delivered to beside the files, by name (<c>[A-Za-z0-9._-]+</c>). Default: nowhere.</summary>
    public IReadOnlyDictionary<string, AuditSinkOptions> Sinks { get; init; } = ReadOnlyDictionary<string, AuditSinkOptions>.Empty;

    /// <summary>What calls are looked for with.</summary>
    public CallIndexOptions Index { get; init; } = new();
}
