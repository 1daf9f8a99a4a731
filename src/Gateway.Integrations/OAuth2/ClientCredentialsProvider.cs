using System.Net.Http.Headers;
using System.Text;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.OAuth2;

/// <summary>Obtains an access token with the gateway's own client credentials, RFC 6749 §4.4.</summary>
/// <param name="name">The credential's name, for messages.</param>
/// <param name="settings">The client.</param>
/// <param name="secrets">Reads the client secret, anew for each token.</param>
/// <param name="endpoint">Talks to the token endpoint.</param>
/// <param name="clock">The time of the request, from which the token's life is counted.</param>
internal sealed class ClientCredentialsProvider(
    string name, ClientCredentialsSettings settings, ISecretSource secrets, TokenEndpointClient endpoint, TimeProvider clock)
    : ICredentialProvider
{
    private const string TokenField = "token";
    private const string AccessTokenField = "access_token";

    /// <summary>The fields that a template may use; both hold the access token.</summary>
    public static readonly IReadOnlyList<string> FieldNames = [TokenField, AccessTokenField];

    public async ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        var tokenRequest = BuildRequest(request.Key.Scope, await ReadClientSecretAsync(cancellationToken));

        // expires_in runs from the server's clock at some time after this one: counting from here errs on the safe side.
        var askedAt = clock.GetUtcNow();
        var response = await endpoint.RequestAsync(name, tokenRequest, cancellationToken);
        var fields = new Dictionary<string, SecretValue>(StringComparer.Ordinal)
        {
            [TokenField] = response.AccessToken,
            [AccessTokenField] = response.AccessToken,
        };
        return new IssuedCredential(fields, askedAt + response.ExpiresIn);
    }

    /// <summary>The grant has no refresh token (RFC 6749 §4.4.3): another one is issued instead.</summary>
    public ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken) => new((DateTimeOffset?)null);

    public ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken) => new(RevocationOutcome.Unsupported);

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

    private TokenRequest BuildRequest(string scope, SecretValue clientSecret)
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
        if (settings.ClientAuthentication == ClientAuthenticationMethod.Post)
        {
            Add("client_id", settings.ClientId);
            Add("client_secret", clientSecret.Reveal());
            return new TokenRequest(settings.TokenEndpoint, form, authorization: null);
        }

        // RFC 6749 §2.3.1: each part is form-encoded before the two are joined, which plain HTTP Basic does not do.
        var pair = $"{FormEncode(settings.ClientId)}:{FormEncode(clientSecret.Reveal())}";
        return new TokenRequest(
            settings.TokenEndpoint, form, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair))));
    }

    private static string FormEncode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
