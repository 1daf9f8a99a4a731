using Gateway.Core.Audit;

namespace Gateway.Integrations.Vault;

/// <summary>One version of a transit key: a key pair of its own, whose private half Vault keeps.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Key">The public half.</param>
internal sealed record TransitKeyVersion(long Number, AuditPublicKey Key);
