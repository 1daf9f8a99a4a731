using Gateway.Core.Credentials;

namespace Gateway.Integrations.DecisionPoints;

/// <summary>Where a policy decision point is and how it is asked.</summary>
/// <param name="Endpoint">Absolute; https, or http on the loopback interface.</param>
/// <param name="Timeout">For one decision as a whole.</param>
/// <param name="Token">The bearer token that authenticates the gateway there; null where none is wanted.</param>
internal sealed record DecisionPointSettings(Uri Endpoint, TimeSpan Timeout, SecretReference? Token);
