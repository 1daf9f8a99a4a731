namespace Gateway.Demo;

/// <summary>One call of the demo and what is expected of it.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Method">What the agent sends.</param>
/// <param name="Path">Where to, the tool's path included.</param>
/// <param name="Status">The expected status.</param>
/// <param name="Reason">The expected reason of a refusal; null where the call is to reach the upstream.</param>
internal sealed record DemoCall(string Title, HttpMethod Method, string Path, int Status, string? Reason = null)
{
    /// <summary>Sent as JSON; null sends none.</summary>
    public object? Body { get; init; }

    /// <summary>Whether the agent's token is an attacker's imitation.</summary>
    public bool IsForged { get; init; }
}
