namespace Gateway.Configuration;

/// <summary>A configuration as a whole: sound, or everything that is wrong with it.</summary>
/// <param name="Options">The options with absolute paths; null where there is an error.</param>
/// <param name="Errors">All of them at once, in the order of the file.</param>
/// <param name="Warnings">What does not keep the gateway from serving.</param>
internal sealed record ConfigurationResult(
    GatewayOptions? Options,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<ConfigurationError> Warnings)
{
    /// <summary>The options as far as they could be read, whatever is wrong with the rest; null where there was nothing to read.</summary>
    /// <remarks>For finding what else may be wrong, such as the policies; never for serving.</remarks>
    public GatewayOptions? Partial { get; init; }
}
