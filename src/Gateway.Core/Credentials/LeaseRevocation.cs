namespace Gateway.Core.Credentials;

/// <summary>What an account says about the end of a lease at its issuer. The zero value claims nothing.</summary>
internal enum LeaseRevocation
{
    /// <summary>Still to be done, or to be tried again.</summary>
    Queued = 0,

    /// <summary>The issuer says that it is gone.</summary>
    Confirmed,

    /// <summary>The issuer has no way to end it.</summary>
    Unsupported,

    /// <summary>The issuer refuses, cannot be asked, or did not answer until the credential expired.</summary>
    Failed,
}
