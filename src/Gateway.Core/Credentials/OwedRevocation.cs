namespace Gateway.Core.Credentials;

/// <summary>A revocation as it is remembered across a kill of the process.</summary>
/// <param name="Id">128 random bits, hexadecimal.</param>
/// <param name="Lease">The id of the lease that it was noted for.</param>
/// <param name="Key">Whom the lease is for.</param>
/// <param name="Revocation">What to hand to the provider.</param>
/// <param name="CoveredBy">The id of the debt whose revocation ends this one too; null where none does.</param>
/// <param name="NotedAt">When it was noted, which is before its credential was first used.</param>
internal sealed record OwedRevocation(
    string Id, string Lease, LeaseKey Key, Revocation Revocation, string? CoveredBy, DateTimeOffset NotedAt)
{
    /// <summary>Why the handle cannot be had, with the remedy; null where it is there.</summary>
    public string? Problem { get; init; }
}
