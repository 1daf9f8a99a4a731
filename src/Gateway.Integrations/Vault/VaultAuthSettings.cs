using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>How the gateway logs in; which properties are needed depends on <see cref="Method"/>.</summary>
internal sealed record VaultAuthSettings
{
    /// <summary>Where Kubernetes puts a pod's token.</summary>
    public const string ProjectedToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    public required VaultAuthMethod Method { get; init; }

    /// <summary>Where the method is mounted below <c>auth/</c>; null means under its usual name.</summary>
    public string? Mount { get; init; }

    /// <summary>The role to log in with; null leaves it to the server.</summary>
    public string? Role { get; init; }

    /// <summary>File with the gateway's own token, read at each login; null means <see cref="ProjectedToken"/>.</summary>
    public string? JwtFile { get; init; }

    public string? RoleId { get; init; }

    public SecretReference? SecretId { get; init; }

    /// <summary>Whether <see cref="SecretId"/> is a response-wrapping token that the secret id is to be taken out of.</summary>
    public bool SecretIdWrapped { get; init; }

    public SecretReference? Token { get; init; }

    /// <summary>PEM file with the client certificate; null where there is none.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with the private key of <see cref="Certificate"/>.</summary>
    public string? Key { get; init; }

    public string MountPath => Mount ?? Method switch
    {
        VaultAuthMethod.Kubernetes => "kubernetes",
        VaultAuthMethod.Jwt => "jwt",
        VaultAuthMethod.AppRole => "approle",
        VaultAuthMethod.Certificate => "cert",
        _ => "token",
    };
}
