using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Gateway.Core.Credentials;

/// <summary>One issued credential, ready to be put on a request. Prints redacted.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class Lease(LeaseKey key, LeaseReference reference, RenderedInjection injection)
{
    private volatile bool _dropped;

    /// <summary>Whom it is for.</summary>
    public LeaseKey Key { get; } = key;

    public LeaseReference Reference { get; } = reference;

    /// <summary>What <see cref="ApplyTo"/> sets.</summary>
    public IReadOnlyList<InjectedHeader> Headers { get; } = injection.Headers;

    /// <summary>The secrets in UTF-8, longest first, as a response scrubber looks for them.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyList<ReadOnlyMemory<byte>> Needles { get; } = injection.Needles;

    /// <summary>Takes the secrets out of what comes back.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public SecretScrubber Scrubber { get; } = new(injection.Needles);

    /// <summary>Whether it may still be used.</summary>
    public bool IsLive(DateTimeOffset now) => !_dropped && now < Reference.ExpiresAt;

    /// <summary>Ends it before its time; for good.</summary>
    public void Drop() => _dropped = true;

    /// <summary>Puts the credential on the request, instead of whatever the agent sent under the same names.</summary>
    /// <remarks>The only place where a secret reaches a request. Values were checked when the lease was made.</remarks>
    public void ApplyTo(HttpRequestMessage request)
    {
        foreach (var header in Headers)
        {
            request.Headers.Remove(header.Name);
            // A field that HttpClient does not know may also sit on the body, where it would be sent a second time.
            if (request.Content?.Headers is { } content && content.NonValidated.Contains(header.Name))
            {
                content.Remove(header.Name);
            }

            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.Reveal()))
            {
                throw new InvalidOperationException($"The header {header.Name} of credential '{Reference.Credential}' cannot be set on a request.");
            }
        }
    }

    public override string ToString() => $"Lease {Reference.Id} of {Reference.Credential} [redacted]";
}
