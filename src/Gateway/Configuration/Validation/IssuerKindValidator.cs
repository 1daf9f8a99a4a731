using Gateway.Core.Identity.Kinds;

namespace Gateway.Configuration;

/// <summary>Checks what an issuer's kind demands of its configuration: nothing may be looser than the kind's own rules.</summary>
internal static class IssuerKindValidator
{
    public static void Validate(IssuerOptions issuer, string key, bool registeredOnly, ConfigurationErrors errors)
    {
        ValidateTenant(issuer, key, errors);
        if (issuer.MaxLifetime > IssuerProfile.Of(issuer.Kind).MaxLifetime)
        {
            errors.Add($"{key}:MaxLifetime", $"must not be longer than {IssuerProfile.Of(issuer.Kind).MaxLifetime:c}, the longest life of an honest token of this kind: write less, or remove the key.");
        }

        ValidateAgentId(issuer, $"{key}:AgentId", errors);
        ValidateRequiredClaims(issuer, $"{key}:RequiredClaims", registeredOnly, errors);
        ValidateCluster(issuer, key, errors);
    }

    private static void ValidateTenant(IssuerOptions issuer, string key, ConfigurationErrors errors)
    {
        if (issuer.Kind != IssuerKind.Entra)
        {
            RefuseForOthers(issuer.Tenant, IssuerKind.Entra, $"{key}:Tenant", errors);
        }
        else if (IssuerDefaults.Tenant(issuer) is null)
        {
            errors.Add(
                $"{key}:Tenant",
                issuer.Tenant is null
                    ? "is required: write the tenant's id, such as \"00000000-0000-0000-0000-000000000000\"."
                    : "must be the id of one tenant, such as \"00000000-0000-0000-0000-000000000000\"; \"common\" and the like would let every tenant in.");
        }
        else if (issuer.Tenant is not null && IssuerDefaults.Tenant(issuer with { Tenant = null }) is { } other && other != IssuerDefaults.Tenant(issuer))
        {
            errors.Add($"{key}:Tenant", "is another tenant than the one in Issuer: keep one of the keys.");
        }
    }

    private static void ValidateAgentId(IssuerOptions issuer, string key, ConfigurationErrors errors)
    {
        if (issuer.AgentId is null)
        {
            return;
        }

        if (!AgentIdTemplate.TryParse(issuer.AgentId, out var template, out var problem))
        {
            errors.Add(key, problem);
        }
        else if (!IssuerProfile.Of(issuer.Kind).Identifies(template))
        {
            var claims = IssuerProfile.Of(issuer.Kind).Identifying.Select(set => string.Join(" with ", set.Select(claim => $"{{{claim}}}")));
            errors.Add(key, $"must hold what tells one workload of this kind from another, outside brackets: write {string.Join(" or ", claims)}.");
        }
    }

    private static void ValidateRequiredClaims(IssuerOptions issuer, string key, bool registeredOnly, ConfigurationErrors errors)
    {
        foreach (var (name, values) in issuer.RequiredClaims)
        {
            if (!ClaimPath.TryParse(name, out _))
            {
                errors.Add($"{key}:{name}", "is no claim: write its name as it stands, or a JSON Pointer such as \"/kubernetes.io/namespace\", in which \"/\" is \"~1\" and \"~\" is \"~0\".");
            }
            else if (issuer.Kind == IssuerKind.GitHubActions && IsGitHubId(name) && values.Any(value => !value.All(char.IsAsciiDigit)))
            {
                errors.Add($"{key}:{name}", "must hold ids, which are numbers: names can pass to somebody else.");
            }
        }

        if (issuer.Kind == IssuerKind.GitHubActions && !issuer.RequiredClaims.Any(claim => IsGitHubId(claim.Key) && claim.Value.Count > 0))
        {
            errors.Add(key, $"must name the owners or repositories to trust, or every workflow on GitHub would be an agent: write {{ \"{GitHubActionsRules.Owner}\": [\"1234\"] }}.");
        }
        else if (issuer.Kind == IssuerKind.Google && !registeredOnly && issuer.RequiredClaims.Count == 0)
        {
            errors.Warn(key, "is empty, so every service account of every Google customer is an agent, which policy alone tells apart: write { \"email\": [ … ] }, or RegisteredOnly.");
        }
    }

    private static void ValidateCluster(IssuerOptions issuer, string key, ConfigurationErrors errors)
    {
        if (issuer.Kind != IssuerKind.Kubernetes)
        {
            RefuseForOthers(issuer.TokenReview ? "true" : null, IssuerKind.Kubernetes, $"{key}:TokenReview", errors);
            RefuseForOthers(issuer.ApiServer, IssuerKind.Kubernetes, $"{key}:ApiServer", errors);
            RefuseForOthers(issuer.CaFile, IssuerKind.Kubernetes, $"{key}:CaFile", errors);
            RefuseForOthers(issuer.ApiServerToken, IssuerKind.Kubernetes, $"{key}:ApiServerToken", errors);
        }
        else if (issuer.ApiServer is not null)
        {
            var problem = WebAddress.CheckTrusted(issuer.ApiServer, queryAllowed: false)
                ?? (new Uri(issuer.ApiServer).AbsolutePath == "/" ? null : "must have no path: write for example \"https://10.0.0.1:6443\".");
            if (problem is not null)
            {
                errors.Add($"{key}:ApiServer", problem);
            }
        }
    }

    private static bool IsGitHubId(string name) =>
        ClaimPath.TryParse(name, out var path) && path.TopLevelName is GitHubActionsRules.Owner or GitHubActionsRules.Repository;

    private static void RefuseForOthers(object? value, IssuerKind kind, string key, ConfigurationErrors errors)
    {
        if (value is not null)
        {
            errors.Add(key, $"belongs to issuers of Kind {kind}: remove the key, or change Kind.");
        }
    }
}
