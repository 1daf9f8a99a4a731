namespace Gateway.Core.Audit.Verification;

/// <summary>What is wrong with a log.</summary>
internal enum FindingKind
{
    /// <summary>Records are not there.</summary>
    Missing,

    /// <summary>A record is not what it was when it was written, or the log is not what was signed.</summary>
    Altered,

    /// <summary>A record stands where another belongs.</summary>
    Reordered,

    /// <summary>A record is there twice.</summary>
    Duplicated,

    /// <summary>The end was cut off.</summary>
    Truncated,

    /// <summary>A statement was signed by somebody else, or not at all.</summary>
    Signature,

    /// <summary>A statement belongs to another log or to another place of this one.</summary>
    Foreign,

    /// <summary>A line is no record.</summary>
    Malformed,

    /// <summary>A file is not what the log's files are, or cannot be read.</summary>
    File,
}
