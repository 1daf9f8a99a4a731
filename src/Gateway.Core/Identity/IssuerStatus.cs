namespace Gateway.Core.Identity;

/// <summary>What readiness tells about one issuer or trust domain.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="State">Whether its tokens can be verified.</param>
/// <param name="LastSuccess">When its keys or its bundle were last read; null where they never were.</param>
/// <param name="LastError">Why the last refresh failed, one sentence in our words and never the issuer's; null where it did not.</param>
internal sealed record IssuerStatus(string Name, IssuerState State, DateTimeOffset? LastSuccess, string? LastError);
