namespace Gateway.Core.Credentials;

/// <summary>Where a lease stands.</summary>
internal enum LeaseState
{
    Live = 0,

    /// <summary>No longer used; its revocation is being tried.</summary>
    Owed,

    /// <summary>Owed, and without an operator nothing will come of trying: the issuer refuses, its credential is no longer configured, or the handle cannot be read.</summary>
    Stuck,
}
