namespace Gateway.Integrations.Vault;

/// <summary>What a request does at the server, and so when it may be sent again.</summary>
internal enum VaultEffect
{
    /// <summary>It makes something that lives on. Sent again only when it is certain that the server did not do it.</summary>
    Issues = 0,

    /// <summary>It may be done twice.</summary>
    Repeatable,

    /// <summary>Sent once: it asks how the server is, and every answer is one.</summary>
    Probe,
}
