namespace Gateway.Core.Credentials;

/// <summary>What becomes of a lease whose revocation an operator demands.</summary>
/// <param name="Revocation">Queued; or unsupported, where nothing ends it at its issuer.</param>
/// <param name="ResidualExpiry">Until when it may work at its upstream; null where nobody knows.</param>
internal sealed record DemandedRevocation(LeaseRevocation Revocation, DateTimeOffset? ResidualExpiry);
