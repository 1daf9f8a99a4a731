namespace Gateway.Core.Identity;

/// <summary>Whether an issuer's tokens can be verified. The zero value says no.</summary>
internal enum IssuerState
{
    /// <summary>No keys, or keys too old to be trusted: every token of the issuer is refused.</summary>
    Down = 0,

    /// <summary>The last refresh failed; the keys of an earlier one are in use.</summary>
    Degraded,

    Ok,
}
