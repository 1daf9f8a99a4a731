using System.Net.Http.Headers;
using System.Text;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.OAuth2;

/// <summary>Obtains an access token with the gateway's own client credentials, RFC 6749 §4.4, and revokes it where the server can, RFC 7009.</summary>
/// <param name="name">The credential's name, for messages.</param>
/// <param name="settings">The client.</param>
/// <param name="secrets">Reads the client secret, anew for each token.</param>
/// <param name="endpoint">Talks to the server's endpoints.</param>
/// <param name="clock">The time of the request, from which the token's life is counted.</param>
internal sealed class ClientCredentialsProvider(
    string name, ClientCredentialsSettings settings, ISecretSource secrets, TokenEndpointClient endpoint, TimeProvider clock)
    : ICredentialProvider
{
    private const string TokenField = "token";
    private const string AccessTokenField = "access_token";
    private const string AccessTokenKind = "access-token";

    /// <summary>The fields that a template may use; both hold the access token.</summary>
    public static readonly IReadOnlyList<string> FieldNames = [TokenField, AccessTokenField];

    public async ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        var tokenRequest = BuildIssuance(request.Key.Scope, await ReadClientSecretAsync(cancellationToken));

        // expires_in runs from the server's clock at some time after this one: counting from here errs on the safe side.
        var askedAt = clock.GetUtcNow();
        var response = await endpoint.RequestAsync(name, tokenRequest, cancellationToken);
        var fields = new Dictionary<string, SecretValue>(StringComparer.Ordinal)
        {
            [TokenField] = response.AccessToken,
            [AccessTokenField] = response.AccessToken,
        };
        var expiresAt = askedAt + response.ExpiresIn;
        return new IssuedCredential(fields, expiresAt)
        {
            // A kill between the answer and this note leaves a token that nobody has used, until it expires: RFC 7009 revokes by the token alone.
            Debt = settings.RevocationEndpoint is null
                ? null
                : await request.Ledger.OweAsync(new Revocation(AccessTokenKind, response.AccessToken, expiresAt) { Issuer = settings.Name }, coveredBy: null, cancellationToken),
        };
    }

    /// <summary>The grant has no refresh token (RFC 6749 §4.4.3): another one is issued instead.</summary>
    public ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken) => new((DateTimeOffset?)null);

    public bool HasIssued(Revocation revocation) => revocation.Kind == AccessTokenKind && (revocation.Issuer is null || revocation.Issuer == settings.Name);

    /// <summary>RFC 7009: the token is its own handle.</summary>
    public async ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken)
    {
        if (settings.RevocationEndpoint is not { } revocationEndpoint)
        {
            return RevocationOutcome.Unsupported;
        }

        var form = new List<KeyValuePair<string, string>>(4) { new("token", revocation.Handle.Reveal()), new("token_type_hint", "access_token") };
        var request = Authenticate(revocationEndpoint, form, await ReadClientSecretAsync(cancellationToken));
        return await endpoint.RevokeAsync(name, request, cancellationToken);
    }

    private async Task<SecretValue> ReadClientSecretAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await secrets.ReadAsync(settings.ClientSecret, cancellationToken);
        }
        catch (SecretUnavailableException unavailable)
        {
            throw new CredentialIssueException($"credential '{name}': client secret: {unavailable.Message}");
        }
    }

    private TokenRequest BuildIssuance(string scope, SecretValue clientSecret)
    {
        var form = new List<KeyValuePair<string, string>>(8) { new("grant_type", "client_credentials") };
        void Add(string parameter, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                form.Add(new(parameter, value));
            }
        }

        Add("scope", scope.Length > 0 ? scope : settings.Scope);
        Add("resource", settings.Resource);
        Add("audience", settings.Audience);
        return Authenticate(settings.TokenEndpoint, form, clientSecret);
    }

    private TokenRequest Authenticate(Uri target, List<KeyValuePair<string, string>> form, SecretValue clientSecret)
    {
        if (settings.ClientAuthentication == ClientAuthenticationMethod.Post)
        {
            form.Add(new("client_id", settings.ClientId));
            form.Add(new("client_secret", clientSecret.Reveal()));
            return new TokenRequest(target, form, authorization: null);
        }

        // RFC 6749 §2.3.1: each part is form-encoded before the two are joined, which plain HTTP Basic does not do.
        var pair = $"{FormEncode(settings.ClientId)}:{FormEncode(clientSecret.Reveal())}";
        return new TokenRequest(
            target, form, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair))));
    }

    private static string FormEncode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
