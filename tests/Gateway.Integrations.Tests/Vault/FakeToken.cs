namespace Gateway.Integrations.Tests.Vault;

/// <summary>A token of <see cref="FakeVault"/>.</summary>
internal sealed class FakeToken
{
    public required string Value { get; init; }

    public required string Accessor { get; init; }

    /// <summary>What takes this one along when it ends; null for an orphan.</summary>
    public FakeToken? Parent { get; init; }

    public IReadOnlyDictionary<string, string> Meta { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Policies { get; init; } = [];

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Null means never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public bool IsRenewable { get; init; }

    public bool IsRevoked { get; set; }
}
