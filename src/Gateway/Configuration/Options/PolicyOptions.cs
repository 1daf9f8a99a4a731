namespace Gateway.Configuration;

/// <summary>Where policy comes from.</summary>
internal sealed record PolicyOptions
{
    /// <summary>Default: <see cref="PolicyEngineKind.Cedar"/>.</summary>
    public PolicyEngineKind Engine { get; init; } = PolicyEngineKind.Cedar;

    /// <summary>What a deny does. Default: <see cref="PolicyMode.Enforce"/>.</summary>
    public PolicyMode Mode { get; init; } = PolicyMode.Enforce;

    /// <summary>Directory whose <c>*.cedar</c> files hold the policies. Without a policy everything is denied. Only for the engine Cedar. Default: "policies" beside the configuration file.</summary>
    [Expects("a directory with *.cedar files")]
    public string Directory { get; init; } = "policies";

    /// <summary>The server that the engine Opa asks. Null: none, which is an error with that engine.</summary>
    public OpaOptions? Opa { get; init; }

    /// <summary>The server that the engine AuthZen asks. Null: none, which is an error with that engine.</summary>
    public AuthZenOptions? AuthZen { get; init; }
}
