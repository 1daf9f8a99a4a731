namespace Gateway.Demo;

/// <summary>One call of the demo and what is expected of it.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Request">What the agent sends; disposed by the runner.</param>
/// <param name="Shown">The identity or credential header as it may be shown.</param>
/// <param name="Status">The expected status.</param>
/// <param name="Reason">The expected reason of a refusal; null where the call is to reach the upstream.</param>
internal sealed record DemoCall(string Title, HttpRequestMessage Request, IReadOnlyList<string> Shown, int Status, string? Reason);
