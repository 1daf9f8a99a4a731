using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>A request to Vault. Prints method and path only: the body may hold what the gateway logs in with.</summary>
/// <param name="method">GET or POST.</param>
/// <param name="path">Behind <c>/v1/</c>.</param>
/// <param name="effect">When it may be repeated.</param>
/// <param name="json">The body; null means none.</param>
internal sealed class VaultRequest(HttpMethod method, string path, VaultEffect effect, byte[]? json = null)
{
    public VaultEffect Effect { get; } = effect;

    public static VaultRequest Post(string path, VaultEffect effect, JsonObject? body = null) =>
        new(HttpMethod.Post, path, effect, body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body));

    /// <param name="address">The server.</param>
    /// <param name="space">The namespace; null means the root.</param>
    /// <param name="token">Null means none.</param>
    public HttpRequestMessage ToMessage(Uri address, string? space, SecretValue? token)
    {
        var message = new HttpRequestMessage(method, $"{address.AbsoluteUri.TrimEnd('/')}/v1/{path}");

        // Vault's agents and proxies refuse what lacks it, so that no browser can be made to send a request.
        message.Headers.Add("X-Vault-Request", "true");
        if (space is not null)
        {
            message.Headers.Add("X-Vault-Namespace", space);
        }

        if (token is not null)
        {
            message.Headers.Add("X-Vault-Token", token.Reveal());
        }

        // Never without content, even where it is empty: SocketsHttpHandler sends a request that has none up to four times
        // when connections break, and credentials that nobody knows of would pile up.
        message.Content = new ByteArrayContent(json ?? []);
        if (json is not null)
        {
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return message;
    }

    public override string ToString() => $"{method} {path}";
}
