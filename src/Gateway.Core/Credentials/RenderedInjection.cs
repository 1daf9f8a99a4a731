using System.Text.Json.Serialization;

namespace Gateway.Core.Credentials;

/// <summary>The headers of one lease, with what a scrubber looks for in responses.</summary>
/// <param name="Headers">What to put on the outgoing request.</param>
/// <param name="Needles">The secrets in UTF-8, longest first; each at least <see cref="InjectionRenderer.MinimumNeedleLength"/> bytes.</param>
internal sealed record RenderedInjection(
    IReadOnlyList<InjectedHeader> Headers,
    [property: JsonIgnore] IReadOnlyList<ReadOnlyMemory<byte>> Needles);
