namespace Gateway.Configuration;

/// <summary>The HashiCorp Vault or OpenBao that issues credentials and keeps secrets.</summary>
internal sealed record VaultOptions
{
    /// <summary>The server's base URL, https (http on a loopback host).</summary>
    [Expects("the server's base URL such as \"https://vault:8200\"")]
    public required string Address { get; init; }

    /// <summary>
    /// Base URLs of the cluster's other servers. They are asked where <see cref="Address"/> does not answer, and a standby's redirect is
    /// followed to one of these or not at all. Default: none.
    /// </summary>
    [Expects("base URLs such as [\"https://vault-2:8200\"]")]
    public IReadOnlyList<string> StandbyAddresses { get; init; } = [];

    /// <summary>The namespace that all paths are in (<c>X-Vault-Namespace</c>). Null: the root.</summary>
    [Expects("a namespace such as \"team/agents\"")]
    public string? Namespace { get; init; }

    /// <summary>PEM file with the authorities that may have signed the server's certificate, instead of the system's. Null: the system's.</summary>
    [Expects("the path of a PEM file with certificates")]
    public string? CaFile { get; init; }

    /// <summary>How long one request may take. 1 second to 10 minutes. Default: 1 minute.</summary>
    [Between("00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The token role that tasks' tokens are made with (<c>auth/token/create/ROLE</c>). Null: none.</summary>
    [Expects("the name of a token role")]
    public string? TokenRole { get; init; }

    /// <summary>The policies of tasks' tokens. Default: none named, so that they are the token role's, or else the gateway's own.</summary>
    [Expects("names of policies such as [\"agents\"]")]
    public IReadOnlyList<string> TokenPolicies { get; init; } = [];

    /// <summary>How the gateway logs in.</summary>
    [Expects("a login such as { \"Method\": \"Kubernetes\", \"Role\": \"gateway\" }")]
    public required VaultAuthOptions Auth { get; init; }
}
