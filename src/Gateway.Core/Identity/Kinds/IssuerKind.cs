namespace Gateway.Core.Identity.Kinds;

/// <summary>What kind of issuer signs an agent's token, and so what its tokens must look like.</summary>
internal enum IssuerKind
{
    /// <summary>Signed JWTs as OpenID Connect and OAuth servers issue them.</summary>
    Oidc,

    /// <summary>A Kubernetes cluster: projected service account tokens.</summary>
    Kubernetes,

    /// <summary>One tenant of Microsoft Entra ID: access tokens of applications and managed identities, never of people.</summary>
    Entra,

    /// <summary>GitHub Actions: the tokens of workflow jobs.</summary>
    GitHubActions,

    /// <summary>Google: identity tokens of service accounts.</summary>
    Google,
}
