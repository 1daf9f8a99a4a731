namespace Gateway.Configuration;

/// <summary>How Vault is asked for a credential; its own names.</summary>
internal enum VaultRequestMethod
{
    /// <summary>Reads the path.</summary>
    GET,

    /// <summary>Writes to the path.</summary>
    POST,
}
