using System.Runtime.CompilerServices;

namespace Gateway.Core.Credentials;

/// <summary>What makes two calls share a lease.</summary>
/// <remarks>
/// The definition counts by reference: during a reload, calls under the old and the new configuration each keep to their own leases.
/// The lifetime counts too, so that a call which policy allows sixty seconds never gets a lease that another obtained for an hour.
/// </remarks>
internal readonly record struct LeaseSlotKey(LeaseKey Key, CredentialDefinition Definition, TimeSpan? MaxLifetime)
{
    public bool Equals(LeaseSlotKey other) =>
        ReferenceEquals(Definition, other.Definition) && MaxLifetime == other.MaxLifetime && Key == other.Key;

    public override int GetHashCode() => HashCode.Combine(Key, RuntimeHelpers.GetHashCode(Definition), MaxLifetime);
}
