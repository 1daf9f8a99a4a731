namespace Gateway.Core.Audit.Verification;

/// <summary>What verification needs to know of one line; the line itself is not kept.</summary>
internal readonly record struct LineFacts
{
    public LineFault Fault { get; init; }

    /// <summary>Its <c>metadata.sequence</c>; at least 1 where there is no fault.</summary>
    public long Sequence { get; init; }

    /// <summary>Its <c>class_uid</c>.</summary>
    public long Class { get; init; }

    /// <summary>Its <c>metadata.logged_time</c>: milliseconds since 1970; 0 where it has none.</summary>
    public long LoggedTime { get; init; }

    /// <summary>The chain value that it carries; null where that cannot be read.</summary>
    public ChainValue? Chain { get; init; }

    public LineLink Link { get; init; }

    public StatementPlace Place { get; init; }

    /// <summary>The compact JWS; not null exactly where <see cref="Place"/> is set.</summary>
    public string? Statement { get; init; }
}
