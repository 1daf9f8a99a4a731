namespace Gateway.Core.Credentials;

/// <summary>What became of a revocation. The zero value is one that is still owed.</summary>
internal enum RevocationOutcome
{
    Owed = 0,

    /// <summary>The issuer says that it is gone.</summary>
    Confirmed,

    /// <summary>The issuer does not let us; trying again may help once an operator has given the permission.</summary>
    Refused,

    /// <summary>The issuer has no way to end it; it lives to its expiry.</summary>
    Unsupported,
}
