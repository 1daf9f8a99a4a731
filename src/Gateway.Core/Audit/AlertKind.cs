namespace Gateway.Core.Audit;

/// <summary>What an alert is about.</summary>
internal enum AlertKind
{
    None = 0,

    /// <summary>A token, a proof or a certificate was not made by whom it names.</summary>
    ForgedIdentity,

    /// <summary>A token or a proof was used by somebody else, or a second time.</summary>
    ReplayedIdentity,

    /// <summary>A task ended because its agent did what its policies call a deviation.</summary>
    Deviation,

    /// <summary>An agent was denied more often within a minute than is usual.</summary>
    DenialBurst,

    /// <summary>A long-lived secret was used that ends soon.</summary>
    ExpiringSecret,

    /// <summary>The call log is not what was written to it.</summary>
    LogBroken,

    /// <summary>A lease could not be ended at its issuer.</summary>
    IrrevocableLease,

    /// <summary>A tool was called that no agent has a reason to call.</summary>
    CanaryTouched,
}
