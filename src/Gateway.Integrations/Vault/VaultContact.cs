namespace Gateway.Integrations.Vault;

/// <summary>How Vault was when it was last asked anything.</summary>
/// <param name="Problem">What keeps it from serving, as a sentence; null where nothing does.</param>
internal sealed record VaultContact(string? Problem);
