using System.Text.Json.Nodes;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>A lease of <see cref="FakeVault"/>.</summary>
internal sealed class FakeLease
{
    public required string Id { get; init; }

    /// <summary>The token that it was issued with, and ends with.</summary>
    public required FakeToken Token { get; init; }

    public required JsonObject Data { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public bool IsRenewable { get; init; }

    /// <summary>Whether its end has been ordered but not carried out: it still answers a lookup, with no time to live.</summary>
    public bool IsEnding { get; set; }

    public bool IsRevoked { get; set; }
}
