namespace Gateway.Demo;

/// <summary>One request as the upstream saw it.</summary>
/// <param name="Request">Method and target.</param>
/// <param name="Authorization">The header's value; to be masked before it is shown.</param>
internal sealed record DemoSighting(string Request, string Authorization);
