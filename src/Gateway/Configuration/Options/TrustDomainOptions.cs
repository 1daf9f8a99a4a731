namespace Gateway.Configuration;

/// <summary>One SPIFFE trust domain whose X.509-SVIDs and JWT-SVIDs identify agents.</summary>
internal sealed record TrustDomainOptions
{
    /// <summary>
    /// File with the trust domain's bundle (SPIFFE Trust Domain and Bundle, section 4), read again when it changes. Beside
    /// <see cref="BundleEndpoint"/> it serves until the endpoint has answered. Null: <see cref="BundleEndpoint"/> alone.
    /// </summary>
    [Expects("the path of a SPIFFE bundle, a JSON file")]
    public string? BundleFile { get; init; }

    /// <summary>Server that publishes the bundle. Null: <see cref="BundleFile"/> alone.</summary>
    [Expects("{ \"Url\": \"https://…\", \"Profile\": \"https_web\" }")]
    public BundleEndpointOptions? BundleEndpoint { get; init; }

    /// <summary>A JWT-SVID is accepted when its <c>aud</c> is one of these and nothing else. At least one. Default: "gateway".</summary>
    [Expects("what the tokens say in \"aud\", such as [\"gateway\"]")]
    public IReadOnlyList<string> Audiences { get; init; } = ["gateway"];

    /// <summary>Longest accepted life of a JWT-SVID, from <c>iat</c> to <c>exp</c>. 1 second to 1 day. Default: 5 minutes.</summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>By how much the trust domain's clock may differ, for tokens and certificates alike. 0 to 5 minutes. Default: 30 seconds.</summary>
    [Between("00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the bundle is read again. 1 second to 1 day, at most <see cref="MaxBundleAge"/>. Null: a file every second; from
    /// an endpoint as often as the bundle's <c>spiffe_refresh_hint</c> says, within 1 second and 1 hour, else every 5 minutes.
    /// </summary>
    [Between("00:00:01", "1.00:00:00")]
    public TimeSpan? RefreshInterval { get; init; }

    /// <summary>How long the last good bundle serves while no new one can be read; afterwards the trust domain's identities are refused. 1 second to 30 days. Default: 1 day.</summary>
    [Between("00:00:01", "30.00:00:00")]
    public TimeSpan MaxBundleAge { get; init; } = TimeSpan.FromDays(1);
}
