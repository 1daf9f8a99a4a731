namespace Gateway.Integrations.Kubernetes;

/// <summary>A cluster's API server gave no usable answer.</summary>
/// <param name="reason">One sentence in our words: it is logged, where the server's text has no place.</param>
internal sealed class ClusterException(string reason) : Exception(reason);
