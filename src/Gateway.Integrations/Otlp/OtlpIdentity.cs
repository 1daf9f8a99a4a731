namespace Gateway.Integrations.Otlp;

/// <summary>Who sends.</summary>
/// <param name="Resource">The attributes of the resource: the gateway.</param>
/// <param name="ScopeVersion">The gateway's version.</param>
internal sealed record OtlpIdentity(IReadOnlyList<KeyValuePair<string, string>> Resource, string ScopeVersion)
{
    /// <summary>What of the gateway: its call log.</summary>
    public const string ScopeName = "Gateway.Audit";
}
