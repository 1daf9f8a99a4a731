using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;

namespace Gateway.Configuration;

/// <summary>How the gateway logs in to Vault. Which keys are needed, or may stand at all, depends on <see cref="Method"/>.</summary>
internal sealed record VaultAuthOptions
{
    /// <summary>What the gateway proves itself with.</summary>
    [Expects("\"Kubernetes\", \"Jwt\", \"AppRole\", \"Certificate\" or \"Token\"")]
    public required VaultAuthMethod Method { get; init; }

    /// <summary>Where the method is mounted below <c>auth/</c>. Null: "kubernetes", "jwt", "approle" or "cert".</summary>
    [Expects("the mount below auth/ such as \"kubernetes\"")]
    public string? Mount { get; init; }

    /// <summary>The role. Required for Kubernetes; for Jwt and Certificate, null leaves it to the server.</summary>
    [Expects("the name of a role such as \"gateway\"")]
    public string? Role { get; init; }

    /// <summary>File with the gateway's own token, read anew at each login. Required for Jwt; for Kubernetes, null is the pod's projected token.</summary>
    [Expects("the path of a file with a token")]
    public string? JwtFile { get; init; }

    /// <summary>The role id. Required for AppRole.</summary>
    [Expects("the role id")]
    public string? RoleId { get; init; }

    /// <summary>Where the secret id is read. Required for AppRole.</summary>
    [Expects("a reference: secret:NAME, env:NAME or file:PATH")]
    public SecretReference? SecretId { get; init; }

    /// <summary>Whether <see cref="SecretId"/> is a response-wrapping token that holds the secret id. Default: false.</summary>
    public bool SecretIdWrapped { get; init; }

    /// <summary>Where a token that somebody else obtained is read. Required for Token.</summary>
    [Expects("a reference: secret:NAME, env:NAME or file:PATH")]
    public SecretReference? Token { get; init; }

    /// <summary>PEM file with the client certificate, read anew for each connection. Required for Certificate.</summary>
    [Expects("the path of a PEM file with the client certificate")]
    public string? Certificate { get; init; }

    /// <summary>PEM file with the certificate's unencrypted private key. Required for Certificate.</summary>
    [Expects("the path of a PEM file with the certificate's unencrypted private key")]
    public string? Key { get; init; }
}
