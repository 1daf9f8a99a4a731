namespace Gateway.Core.Identity;

/// <summary>What readiness tells about one issuer.</summary>
/// <param name="Name">The issuer's configured name.</param>
/// <param name="State">Whether its tokens can be verified.</param>
/// <param name="LastSuccess">When its keys were last fetched; null where they never were.</param>
/// <param name="LastError">Why the last refresh failed, one sentence in our words and never the issuer's; null where it did not.</param>
internal sealed record IssuerStatus(string Name, IssuerState State, DateTimeOffset? LastSuccess, string? LastError);
