namespace Gateway.Configuration;

/// <summary>One server of a tool.</summary>
internal sealed record DestinationOptions
{
    /// <summary>Base URL, http or https; its path, if any, goes before the request's.</summary>
    [Expects("the server's base URL such as \"https://a.example.com\"")]
    public required string Address { get; init; }

    /// <summary>Base URL for active health checks. Null: <see cref="Address"/>.</summary>
    [Expects("a base URL such as \"https://a.example.com:8443\"")]
    public string? Health { get; init; }
}
