namespace Gateway.Core.Audit.Verification;

/// <summary>Whether a line's chain value is what its bytes and the chain value of the line before it make.</summary>
internal enum LineLink
{
    /// <summary>The chain value before it cannot be known.</summary>
    Unknown = 0,
    Wrong,
    Right,
}
