namespace Gateway.Configuration;

/// <summary>The addresses that the gateway listens on.</summary>
internal sealed record ListenersOptions
{
    /// <summary>Where agents call; at least one. Default: <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<ListenerOptions> Agents { get; init; } = [new() { Url = "http://127.0.0.1:8080" }];

    /// <summary>Where operators and health probes call. Default: <c>http://127.0.0.1:8081</c>.</summary>
    public ListenerOptions Admin { get; init; } = new() { Url = "http://127.0.0.1:8081" };
}
