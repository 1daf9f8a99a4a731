namespace Gateway.Core.Audit.Verification;

/// <summary>On which occasion a statement was made.</summary>
internal enum StatementKind
{
    None = 0,
    Opening,
    Interval,
    Rotation,
    Closing,
    Retention,
    Head,
}
