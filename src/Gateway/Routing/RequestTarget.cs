namespace Gateway.Routing;

/// <summary>A request target that everybody reads the same way: the gateway, its policies and the upstream.</summary>
/// <param name="Path">The path as sent; starts with "/".</param>
/// <param name="Query">The query as sent, with its "?"; empty where there is none.</param>
internal readonly record struct RequestTarget(string Path, string Query);
