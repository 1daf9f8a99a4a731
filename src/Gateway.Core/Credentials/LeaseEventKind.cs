namespace Gateway.Core.Credentials;

/// <summary>What happened to a lease.</summary>
internal enum LeaseEventKind
{
    Issued = 0,
    Renewed,

    /// <summary>The gateway uses it no more, and this came of ending it at its issuer.</summary>
    Revoked,
}
