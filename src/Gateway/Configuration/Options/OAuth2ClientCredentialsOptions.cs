using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>An access token by OAuth 2.0 client credentials (RFC 6749, section 4.4). Fields for injection: <c>{token}</c>, <c>{access_token}</c>.</summary>
internal sealed record OAuth2ClientCredentialsOptions() : CredentialOptions(new InjectOptions { Header = "Authorization", Value = "Bearer {token}" })
{
    /// <summary>The token endpoint, https (http on a loopback host).</summary>
    [Expects("an https URL such as \"https://idp.example/token\"")]
    public required string TokenEndpoint { get; init; }

    /// <summary>Where the server revokes tokens (RFC 7009), https (http on a loopback host). Null: it does not, and a token lives to its expiry.</summary>
    [Expects("an https URL such as \"https://idp.example/revoke\"")]
    public string? RevocationEndpoint { get; init; }

    /// <summary>The gateway's client id at the authorization server.</summary>
    [Expects("the gateway's client id at the authorization server")]
    public required string ClientId { get; init; }

    /// <summary>Where the client secret is read.</summary>
    [Expects("a reference: secret:NAME, env:NAME, file:PATH or vault:PATH#FIELD")]
    public required SecretReference ClientSecret { get; init; }

    /// <summary>The parameter <c>scope</c>: scopes with a space between them. Null: not sent.</summary>
    [Expects("scopes with a space between them such as \"read write\"")]
    public string? Scope { get; init; }

    /// <summary>The parameter <c>resource</c> (RFC 8707): an absolute URI. Null: not sent.</summary>
    [Expects("an absolute URI such as \"https://api.example.com\"")]
    public string? Resource { get; init; }

    /// <summary>The parameter <c>audience</c>, as some servers want it. Null: not sent.</summary>
    [Expects("the audience that the server wants")]
    public string? Audience { get; init; }

    /// <summary>How the client secret is sent (RFC 6749, section 2.3.1). Default: <see cref="ClientAuthentication.Basic"/>.</summary>
    public ClientAuthentication ClientAuthentication { get; init; } = ClientAuthentication.Basic;

    /// <summary>Who answers for the client and its secret. Null: nobody is named.</summary>
    [Expects("who answers for the client, such as \"crm team\"")]
    public string? Owner { get; init; }

    /// <summary>When the client stops being used. Written as a date, it is that day's end in UTC. Null: never.</summary>
    [Expects("the client's last day such as \"2027-01-31\", or a time such as \"2027-01-31T12:00:00Z\"")]
    public DateTimeOffset? NotAfter { get; init; }
}
