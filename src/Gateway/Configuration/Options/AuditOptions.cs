namespace Gateway.Configuration;

/// <summary>Where calls are recorded.</summary>
internal sealed record AuditOptions
{
    /// <summary>Directory of the call log. Default: "audit" beside the configuration file.</summary>
    [Expects("a directory")]
    public string Directory { get; init; } = "audit";
}
