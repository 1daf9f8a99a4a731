namespace Gateway.Integrations.Vault;

/// <summary>A Vault or OpenBao cluster, and how the gateway works with it.</summary>
internal sealed record VaultSettings
{
    /// <summary>The addresses of the cluster's servers, the first one preferred; https, or http on the loopback interface.</summary>
    public required IReadOnlyList<Uri> Addresses { get; init; }

    /// <summary>The namespace that all paths are in; null means the root.</summary>
    public string? Namespace { get; init; }

    /// <summary>PEM file with the authorities that may have signed the server's certificate; null means the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The token role that the tokens of tasks are made with; null means none.</summary>
    public string? TokenRole { get; init; }

    /// <summary>The policies of the tokens of tasks; empty means those of <see cref="TokenRole"/>, or else the gateway's own.</summary>
    public IReadOnlyList<string> TokenPolicies { get; init; } = [];

    public required VaultAuthSettings Auth { get; init; }

    /// <summary>What the ledger calls it.</summary>
    public string Name => NameOf(Addresses[0]);

    /// <summary>Whether the ledger calls it so; its servers may have been in another order then.</summary>
    public bool IsNamed(string name) => Addresses.Any(address => NameOf(address) == name);

    private string NameOf(Uri address) => Namespace is { } space ? $"{address.AbsoluteUri} (namespace {space.Trim('/')})" : address.AbsoluteUri;
}
