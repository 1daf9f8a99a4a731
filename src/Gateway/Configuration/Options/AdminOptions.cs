using System.Collections.ObjectModel;

namespace Gateway.Configuration;

/// <summary>Who may use the admin API.</summary>
internal sealed record AdminOptions
{
    /// <summary>The section's name, which also keys what belongs to operators alone.</summary>
    public const string Section = "Admin";

    /// <summary>
    /// Issuers of operators' tokens, as in <see cref="IdentityOptions.Issuers"/>. Default: none; then the token in the file
    /// <c>admin-token</c> in <see cref="GatewayOptions.DataDirectory"/>, made at the first start, may do everything. With issuers
    /// that token is not accepted.
    /// </summary>
    public IReadOnlyDictionary<string, IssuerOptions> Issuers { get; init; } = ReadOnlyDictionary<string, IssuerOptions>.Empty;

    /// <summary>The claim, a text or a list of texts, that says "viewer" (reads), "operator" (tasks, leases, agents too) or "admin" (all). Default: "roles".</summary>
    [Expects("the name of a claim such as \"roles\"")]
    public string RoleClaim { get; init; } = "roles";
}
