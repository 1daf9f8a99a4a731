namespace Gateway.Core.Credentials;

/// <summary>What has become of a debt. The numbers are stored: never change one.</summary>
internal enum DebtState
{
    /// <summary>In use or owed: after a kill nobody knows which, so it is owed.</summary>
    Open = 0,

    /// <summary>The issuer says that it is gone.</summary>
    Confirmed = 1,

    /// <summary>The issuer has no way to end it.</summary>
    Unsupported = 2,

    /// <summary>Revoking it never succeeded, and its time has passed.</summary>
    Expired = 3,
}
