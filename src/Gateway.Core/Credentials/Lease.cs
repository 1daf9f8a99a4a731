using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Gateway.Core.Credentials;

/// <summary>One issued credential, ready to be put on a request. Prints redacted.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class Lease(LeaseKey key, LeaseReference reference, RenderedInjection injection)
{
    /// <summary>Uses, with the sign bit as "dropped": who drops it learns how often it was used, exactly.</summary>
    private long _state;

    private Term _term = new(reference, reference.IssuedAt, null);
    private long _supersededAt = long.MaxValue;

    /// <summary>Whom it is for.</summary>
    public LeaseKey Key { get; } = key;

    /// <summary>Its name; after <see cref="Extend"/> with another end.</summary>
    public LeaseReference Reference => Volatile.Read(ref _term).Reference;

    public string Id => Reference.Id;

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

    /// <summary>The ledger's id of what ends it at its issuer; null where nothing does.</summary>
    public string? Debt { get; init; }

    /// <summary>What prolongs it; null where nothing does.</summary>
    public SecretValue? Renewal { get; init; }

    /// <summary>When renewals must stop: the end of its task, or of the life that configuration and policy allow.</summary>
    public DateTimeOffset Cap { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Until when the credential works at its upstream if nobody revokes it; null where nobody knows.</summary>
    public DateTimeOffset? DiesAt
    {
        get => Volatile.Read(ref _term).DiesAt;
        init => _term = _term with { DiesAt = value };
    }

    /// <summary>When it was issued or last prolonged.</summary>
    public DateTimeOffset TermStart => Volatile.Read(ref _term).Start;

    /// <summary>How often it was put on a request.</summary>
    public long Uses => Volatile.Read(ref _state) & long.MaxValue;

    /// <summary>Whether it may still be used.</summary>
    public bool IsLive(DateTimeOffset now) => Volatile.Read(ref _state) >= 0 && now < Reference.ExpiresAt;

    /// <summary>Counts a use; false once it expired or was dropped.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (now >= Reference.ExpiresAt)
        {
            return false;
        }

        // By comparison: once it was dropped the count stands, and is what receipts say.
        var state = Volatile.Read(ref _state);
        while (state >= 0)
        {
            var seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        return false;
    }

    /// <summary>Ends it before its time; for good.</summary>
    /// <returns>How often it was used.</returns>
    public long Drop() => Interlocked.Or(ref _state, long.MinValue) & long.MaxValue;

    /// <summary>Another lease has taken its place: calls that hold its reference may use it for a little longer.</summary>
    public void Supersede(DateTimeOffset now) => Volatile.Write(ref _supersededAt, now.UtcTicks);

    /// <summary>Whether it has been out of place for so long that no call still needs it.</summary>
    public bool IsSuperseded(DateTimeOffset now, TimeSpan grace) =>
        Volatile.Read(ref _supersededAt) is var at && at != long.MaxValue && now.UtcTicks - at >= grace.Ticks;

    /// <summary>Moves its end after a renewal; id and secret stay.</summary>
    public void Extend(DateTimeOffset now, DateTimeOffset expiresAt, DateTimeOffset diesAt) =>
        Volatile.Write(ref _term, new Term(Reference with { ExpiresAt = expiresAt }, now, diesAt));

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

    private sealed record Term(LeaseReference Reference, DateTimeOffset Start, DateTimeOffset? DiesAt);
}
