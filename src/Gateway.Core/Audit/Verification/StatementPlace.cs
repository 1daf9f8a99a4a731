namespace Gateway.Core.Audit.Verification;

/// <summary>What kind of record a statement was found in.</summary>
internal enum StatementPlace
{
    None = 0,
    Checkpoint,
    Retention,
}
