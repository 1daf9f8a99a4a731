using System.Collections.Frozen;

namespace Gateway.Core.Identity.Kinds;

/// <summary>What a kind of issuer settles for its tokens. Configuration can tighten it, never loosen it.</summary>
internal sealed record IssuerProfile
{
    private static readonly FrozenDictionary<IssuerKind, IssuerProfile> ByKind = new Dictionary<IssuerKind, IssuerProfile>
    {
        [IssuerKind.Oidc] = new(),

        // The kubelet replaces a projected token after a day at the latest. A token for a year is the API server's own extension
        // for clients that never read their file again.
        [IssuerKind.Kubernetes] = new()
        {
            MaxLifetime = TimeSpan.FromHours(24),
            Claims = ["kubernetes.io"],
            Identifying =
            [
                ["sub"], ["/kubernetes.io/serviceaccount/uid"], ["/kubernetes.io/pod/uid"],
                ["/kubernetes.io/namespace", "/kubernetes.io/serviceaccount/name"],
            ],
        },

        // With continuous access evaluation up to 28 hours; "iat" is dated five minutes back.
        [IssuerKind.Entra] = new()
        {
            MaxLifetime = TimeSpan.FromHours(29),
            Claims = ["tid", "oid", "azp", "appid", "roles"],
            Identifying = [["sub"], ["oid"], ["azp"], ["appid"]],
        },

        // A token is good for minutes; names of owners and repositories can pass to somebody else, their ids cannot.
        [IssuerKind.GitHubActions] = new()
        {
            Issuer = "https://token.actions.githubusercontent.com",
            MaxLifetime = TimeSpan.FromHours(1),
            AgentId = AgentIdTemplate.Parse("repository_id:{repository_id}[:environment:{environment}]"),
            Identifying = [["repository_id"]],
            Claims =
            [
                "repository", "repository_id", "repository_owner", "repository_owner_id", "repository_visibility", "ref", "ref_type",
                "environment", "event_name", "workflow_ref", "job_workflow_ref", "runner_environment", "actor_id", "run_id",
            ],
        },
        [IssuerKind.Google] = new()
        {
            Issuer = "https://accounts.google.com",
            MaxLifetime = TimeSpan.FromHours(1),
            Identifying = [["sub"], ["email"]],
            Claims = ["email", "azp", "google"],
        },
    }.ToFrozenDictionary();

    /// <summary>The well-known <c>iss</c>; null where every installation has its own.</summary>
    public string? Issuer { get; private init; }

    /// <summary>The longest life that honest tokens of the kind have; null where the kind says nothing about it.</summary>
    public TimeSpan? MaxLifetime { get; private init; }

    /// <summary>What follows the issuer's name in an agent's id unless configuration says otherwise.</summary>
    public AgentIdTemplate AgentId { get; private init; } = AgentIdTemplate.Subject;

    /// <summary>An agent's id must hold all claims of one of these, or strangers could share it. Empty where any claim will do.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Identifying { get; private init; } = [];

    /// <summary>The claims that policy sees without their being listed.</summary>
    public IReadOnlyList<string> Claims { get; private init; } = [];

    public static IssuerProfile Of(IssuerKind kind) => ByKind[kind];

    public bool Identifies(AgentIdTemplate template) =>
        Identifying.Count == 0 || Identifying.Any(claims => claims.All(claim => template.Demands(ClaimPath.Of(claim))));
}
