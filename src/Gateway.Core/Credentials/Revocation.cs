namespace Gateway.Core.Credentials;

/// <summary>What ends something at its issuer.</summary>
/// <param name="Kind">What it is, in the provider's words: "lease", "token-accessor", "access-token" …; not secret.</param>
/// <param name="Handle">What the issuer knows it by. Kept like a secret, since it may be one.</param>
/// <param name="ExpiresAt">When the issuer ends it by itself, so that nothing is owed any more; null where that is not known.</param>
internal sealed record Revocation(string Kind, SecretValue Handle, DateTimeOffset? ExpiresAt)
{
    /// <summary>Who issued it, as its provider names places; not secret. Null where it was noted before that was kept.</summary>
    public string? Issuer { get; init; }

    /// <summary>Whether it is for the whole task (a token that its leases are issued under), so that an issuance which fails does not end it.</summary>
    public bool ServesTask { get; init; }
}
