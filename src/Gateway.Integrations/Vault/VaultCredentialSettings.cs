using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>What a credential asks Vault for.</summary>
internal sealed record VaultCredentialSettings
{
    /// <summary>A <see cref="VaultPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is asked for with POST; else GET.</summary>
    public bool IsPost { get; init; }

    /// <summary>The body of a POST, JSON; null means none.</summary>
    public byte[]? Parameters { get; init; }

    /// <summary>Whether Vault can end what it issued before its time; null means that the answer tells.</summary>
    public bool? Revocable { get; init; }

    /// <summary>Who answers for a secret that Vault merely keeps; null where nobody is named.</summary>
    public string? Owner { get; init; }

    /// <summary>From when on a secret that Vault merely keeps is refused; null means never.</summary>
    public DateTimeOffset? NotAfter { get; init; }
}
