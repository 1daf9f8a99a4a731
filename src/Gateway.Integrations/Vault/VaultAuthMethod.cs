namespace Gateway.Integrations.Vault;

/// <summary>How the gateway proves to Vault who it is.</summary>
internal enum VaultAuthMethod
{
    /// <summary>With the pod's projected service-account token.</summary>
    Kubernetes,

    /// <summary>With the gateway's own workload token.</summary>
    Jwt,

    /// <summary>With a role id and a secret id.</summary>
    AppRole,

    /// <summary>With a TLS client certificate.</summary>
    Certificate,

    /// <summary>With a token that somebody else obtained, such as a Vault Agent beside the gateway.</summary>
    Token,
}
