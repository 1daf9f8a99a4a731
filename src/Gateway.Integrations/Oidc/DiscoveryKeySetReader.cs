using System.Text.Json;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Keys;

namespace Gateway.Integrations.Oidc;

/// <summary>Finds the keys by OpenID Connect Discovery 1.0, section 4.</summary>
internal sealed class DiscoveryKeySetReader(IKeyDocuments documents, string issuer) : IKeySetReader
{
    public async ValueTask<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(DocumentAddress(issuer), UriKind.Absolute, out var address))
        {
            throw new KeyFetchException("The issuer is not a URL that a discovery document could be found under.");
        }

        if (!StrictJson.TryParseObject(await documents.GetAsync(address, cancellationToken), out var document))
        {
            throw new KeyFetchException("The discovery document is not a JSON object.");
        }

        // Section 4.3: exactly the issuer that was asked, or one issuer could speak for another.
        if (GetString(document, "issuer") != issuer)
        {
            throw new KeyFetchException("The discovery document names another issuer than the configured one.");
        }

        if (!Uri.TryCreate(GetString(document, "jwks_uri"), UriKind.Absolute, out var keysAddress)
            || !IssuerHttpClient.IsTrustworthy(keysAddress)
            || IsDowngrade(address, keysAddress))
        {
            throw new KeyFetchException("The discovery document has no jwks_uri with https (http only where the issuer itself is http on a loopback address).");
        }

        return KeySetDocument.Parse(await documents.GetAsync(keysAddress, cancellationToken));
    }

    /// <summary>Section 4.1: a terminating slash is removed before the well-known path is appended.</summary>
    internal static string DocumentAddress(string issuer) =>
        $"{(issuer.EndsWith('/') ? issuer[..^1] : issuer)}/.well-known/openid-configuration";

    private static bool IsDowngrade(Uri from, Uri to) => from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps;

    private static string? GetString(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
