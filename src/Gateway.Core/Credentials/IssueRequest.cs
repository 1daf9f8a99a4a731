namespace Gateway.Core.Credentials;

/// <summary>What a provider is asked to issue.</summary>
/// <param name="Key">For whom.</param>
/// <param name="Lifetime">Upper bound of the life wanted; null means the issuer's own.</param>
internal sealed record IssueRequest(LeaseKey Key, TimeSpan? Lifetime);
