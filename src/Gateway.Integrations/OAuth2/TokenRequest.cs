using System.Net.Http.Headers;

namespace Gateway.Integrations.OAuth2;

/// <summary>A request to a token endpoint, with the client's proof of who it is. Prints its endpoint only.</summary>
internal sealed class TokenRequest(Uri endpoint, IReadOnlyList<KeyValuePair<string, string>> form, AuthenticationHeaderValue? authorization)
{
    public Uri Endpoint { get; } = endpoint;

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new FormUrlEncodedContent(form) };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.Authorization = authorization;
        return message;
    }

    public override string ToString() => $"token request to {Endpoint.Authority}";
}
