using System.Collections.ObjectModel;

namespace Gateway.Configuration;

/// <summary>The <c>Gateway</c> section of the configuration.</summary>
/// <remarks>
/// As the loader hands it out, every path in it is absolute. <c>appsettings.schema.json</c>
/// describes the same keys; a test holds the two together.
/// </remarks>
internal sealed record GatewayOptions
{
    /// <summary>Where the gateway keeps its own state: encrypted secrets, key ring, owed revocations, admin token. Default: "data" beside the configuration file.</summary>
    [Expects("a directory")]
    public string DataDirectory { get; init; } = "data";

    /// <summary>Where the gateway listens.</summary>
    public ListenersOptions Listeners { get; init; } = new();

    /// <summary>Who may call.</summary>
    public IdentityOptions Identity { get; init; } = new();

    /// <summary>What decides about a call.</summary>
    public PolicyOptions Policy { get; init; } = new();

    /// <summary>Who may use the admin API.</summary>
    public AdminOptions Admin { get; init; } = new();

    /// <summary>What tasks may be.</summary>
    public TasksOptions Tasks { get; init; } = new();

    /// <summary>The APIs that agents may reach, by tool name (<c>[A-Za-z0-9._-]+</c>).</summary>
    public IReadOnlyDictionary<string, ToolOptions> Tools { get; init; } = ReadOnlyDictionary<string, ToolOptions>.Empty;

    /// <summary>How to obtain what authenticates to the tools, by credential name (<c>[A-Za-z0-9._-]+</c>).</summary>
    public IReadOnlyDictionary<string, CredentialOptions> Credentials { get; init; } = ReadOnlyDictionary<string, CredentialOptions>.Empty;

    /// <summary>Where the gateway remembers what must survive a kill.</summary>
    public StateOptions State { get; init; } = new();

    /// <summary>The HashiCorp Vault or OpenBao that issues credentials and keeps secrets. Null: none.</summary>
    public VaultOptions? Vault { get; init; }

    /// <summary>Where calls are recorded.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>Where traces and metrics go.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();
}
