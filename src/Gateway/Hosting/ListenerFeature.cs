using Gateway.Core.Identity.Dpop;

namespace Gateway.Hosting;

/// <summary>Says on every connection which kind of listener accepted it.</summary>
/// <remarks>A connection feature rather than the port: it holds for every transport, and no header can fake it.</remarks>
internal sealed record ListenerFeature(ListenerRole Role)
{
    /// <summary>By which URLs agents may call this listener; empty where nobody has said.</summary>
    public IReadOnlyList<ExternalUrl> ExternalUrls { get; init; } = [];
}
