namespace Gateway.Core.Audit.Verification;

/// <summary>Why a line cannot be taken as a record.</summary>
internal enum LineFault
{
    None = 0,
    Empty,
    TooLong,
    NotAscii,
    NotJson,
    DuplicateKey,
    NoSequence,
    NoChain,
    BadStatement,
}
