using System.Text.Json;

namespace Gateway.Core.Identity;

/// <summary>Who is calling, as far as a verified token, certificate or the kernel vouches for it.</summary>
/// <remarks>Immutable and shared by every call that presents the same token, so that derived data can be cached by reference.</remarks>
internal sealed class AgentIdentity
{
    /// <summary>A SPIFFE ID, or <c>&lt;issuer name&gt;:&lt;subject&gt;</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The configured name of the issuer or trust domain that vouched.</summary>
    public required string Issuer { get; init; }

    /// <summary>"jwt", "x509-svid", "jwt-svid" or "unix-peer".</summary>
    public required string Method { get; init; }

    /// <summary>Whether the caller proved that it holds the key its token is bound to.</summary>
    public bool ProofOfPossession { get; init; }

    /// <summary>What the token is bound to; null for what is not bound, and for what is no token.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>Whom the agent acts for, as <c>&lt;issuer name&gt;:&lt;subject&gt;</c>, where its token says so (RFC 8693 §4.1); null where it acts for itself.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary><see cref="OnBehalfOf"/>'s earlier actors, nearest first; for the record alone.</summary>
    public IReadOnlyList<string> EarlierActors { get; init; } = [];

    /// <summary>The claims that configuration lets policy see, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Claims { get; init; } = EmptyClaims;

    /// <summary>The token's <c>iat</c>; null where it has none.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The token's <c>exp</c>; <see cref="DateTimeOffset.MaxValue"/> where the identity lasts as long as its connection.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>An identifier of the token that is safe to log: its <c>jti</c>, else "sha256:" and the first 16 hexadecimal digits of the token's hash; of a socket's peer "pid:" and its process.</summary>
    public required string TokenId { get; init; }

    private static readonly IReadOnlyDictionary<string, JsonElement> EmptyClaims = new Dictionary<string, JsonElement>();
}
