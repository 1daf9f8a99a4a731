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

    /// <remarks>Every call pays for it, so it takes what tells keys apart: the credential is the definition's, scopes and bounds are few.</remarks>
    public override int GetHashCode() => HashCode.Combine(
        Key.Agent.GetHashCode(StringComparison.Ordinal),
        Key.Task.GetHashCode(StringComparison.Ordinal),
        Key.Tool.GetHashCode(StringComparison.Ordinal),
        RuntimeHelpers.GetHashCode(Definition));
}
