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

    /// <summary>What calls are looked for with.</summary>
    public CallIndexOptions Index { get; init; } = new();
}
