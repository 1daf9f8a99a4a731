using Gateway.Core.Credentials;

namespace Gateway.Integrations.Receivers;

/// <summary>A header that authenticates the gateway to a receiver.</summary>
/// <param name="Name">A header's name.</param>
/// <param name="Scheme">What stands before the secret, with a blank between them: "Bearer", "Splunk"; null: nothing.</param>
/// <param name="Value">Where the secret is read.</param>
internal sealed record ReceiverHeader(string Name, string? Scheme, SecretReference Value);
