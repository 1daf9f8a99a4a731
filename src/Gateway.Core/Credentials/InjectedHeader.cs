namespace Gateway.Core.Credentials;

/// <summary>A header as it goes on the outgoing request.</summary>
internal sealed record InjectedHeader(string Name, SecretValue Value);
