using Gateway.Core.Credentials;

namespace Gateway.Integrations.OAuth2;

/// <summary>An OAuth 2.0 client that obtains tokens in its own name, RFC 6749 §4.4.</summary>
internal sealed record ClientCredentialsSettings
{
    /// <summary>Absolute; https, or http on the loopback interface.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>Where tokens are revoked (RFC 7009), under the same rules as <see cref="TokenEndpoint"/>; null where the server revokes none.</summary>
    public Uri? RevocationEndpoint { get; init; }

    public required string ClientId { get; init; }

    public required SecretReference ClientSecret { get; init; }

    /// <summary>The scope to ask for unless policy asks for another; null leaves it to the server.</summary>
    public string? Scope { get; init; }

    /// <summary>Where the token is to be used (RFC 8707): an absolute URI without fragment; null leaves it to the server.</summary>
    public string? Resource { get; init; }

    /// <summary>The parameter <c>audience</c> that some servers want instead of <see cref="Resource"/>; null leaves it out.</summary>
    public string? Audience { get; init; }

    public ClientAuthenticationMethod ClientAuthentication { get; init; }

    /// <summary>What the ledger calls the server and its client. Behind another host, or to another client, a token that it gave is unknown, which RFC 7009 §2.2 has answered as revoked.</summary>
    public string Name => $"{TokenEndpoint.GetLeftPart(UriPartial.Path)} to {ClientId}, to be revoked at {RevocationEndpoint?.Authority ?? "no place"}";

    /// <summary>Everything that is wrong, as property name and sentence.</summary>
    public IEnumerable<(string Property, string Error)> Validate()
    {
        if (Check(TokenEndpoint) is { } problem)
        {
            yield return (nameof(TokenEndpoint), problem);
        }

        if (RevocationEndpoint is { } revocation && Check(revocation) is { } revocationProblem)
        {
            yield return (nameof(RevocationEndpoint), revocationProblem);
        }

        if (string.IsNullOrWhiteSpace(ClientId))
        {
            yield return (nameof(ClientId), "Must not be empty.");
        }

        if (Resource is not null && (!Uri.TryCreate(Resource, UriKind.Absolute, out var resource) || resource.Fragment.Length > 0))
        {
            yield return (nameof(Resource), "Must be an absolute URI without a fragment (RFC 8707 §2).");
        }
    }

    private static string? Check(Uri endpoint) =>
        !endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp) ? "Must be an absolute https URL."
        : endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback ? "Must be https: the client secret would cross the network in clear text."
        : endpoint.UserInfo.Length > 0 || endpoint.Fragment.Length > 0 ? "Must have neither user information nor a fragment (RFC 6749 §3.2)."
        : null;
}
