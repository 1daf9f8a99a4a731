namespace Gateway.Integrations.Secrets;

/// <summary>What may be shown of a stored secret.</summary>
internal sealed record SecretEntry(string Name, DateTimeOffset SetAt);
