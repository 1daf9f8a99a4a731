using System.Net;
using System.Security.Cryptography;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.OAuth2;

/// <summary>Asks token endpoints for tokens, and revocation endpoints to end them. Its exceptions name the endpoint's host, the status and a registered error code: nothing else that the server wrote.</summary>
internal sealed class TokenEndpointClient : IDisposable
{
    private const int MaximumResponseBytes = 64 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _clock;

    public TokenEndpointClient(TimeProvider clock)
        : this(clock, CreateHandler())
    {
    }

    /// <param name="clock">Bounds the time that a request may take.</param>
    /// <param name="handler">Follows no redirects and keeps no cookies; owned from now on.</param>
    public TokenEndpointClient(TimeProvider clock, HttpMessageHandler handler)
    {
        _clock = clock;
        // Not an HttpClient: its factory's loggers print headers at Trace, and these carry the client secret.
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    /// <exception cref="CredentialIssueException">There is no usable token; the message and its inner exceptions hold no secret and no word of the server.</exception>
    public Task<TokenResponse> RequestAsync(string credential, TokenRequest request, CancellationToken cancellationToken) =>
        SendAsync($"credential '{credential}': token endpoint {request.Endpoint.Authority}", request, ReadAsync, cancellationToken);

    /// <exception cref="CredentialIssueException">It is not known whether the token was revoked; the message holds no secret and no word of the server.</exception>
    public Task<RevocationOutcome> RevokeAsync(string credential, TokenRequest request, CancellationToken cancellationToken) =>
        SendAsync($"credential '{credential}': revocation endpoint {request.Endpoint.Authority}", request, ReadRevocationAsync, cancellationToken);

    private async Task<T> SendAsync<T>(
        string where, TokenRequest request, Func<string, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = request.ToMessage();
            using var response = await _http.SendAsync(message, linked.Token);
            return await read(where, response, linked.Token);
        }
        catch (HttpRequestException failure)
        {
            // Its message can quote the malformed line that the server sent, so only the kind of failure is passed on.
            throw new CredentialIssueException($"{where}: {Describe(failure.HttpRequestError)}.");
        }
        catch (IOException)
        {
            throw new CredentialIssueException($"{where}: the connection broke during the answer.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CredentialIssueException($"{where}: no answer within {Timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>RFC 7009 §2.2: 200 also for a token that is unknown or gone; 503 means that it still is good.</summary>
    private async Task<RevocationOutcome> ReadRevocationAsync(string where, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return RevocationOutcome.Confirmed;
        }

        var body = await ReadBodyAsync(response.Content, cancellationToken);
        var error = body is not null && IsJson(response.Content) ? TokenResponseReader.ReadError(body) : null;
        return (response.StatusCode, error) switch
        {
            (_, "unsupported_token_type") => RevocationOutcome.Unsupported,
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) or (_, "invalid_client" or "unauthorized_client") => RevocationOutcome.Refused,
            _ => throw new CredentialIssueException($"{where} answered {(int)response.StatusCode}{(error is null ? "" : $" {error}")}.")
            {
                RetryAfter = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _clock.GetUtcNow() : null,
            },
        };
    }

    public void Dispose() => _http.Dispose();

    private static async Task<TokenResponse> ReadAsync(string where, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response.Content, cancellationToken);
        try
        {
            var status = (int)response.StatusCode;
            if (body is null)
            {
                throw new CredentialIssueException($"{where} answered {status} with more than {MaximumResponseBytes / 1024} KiB.");
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                var error = IsJson(response.Content) ? TokenResponseReader.ReadError(body) : null;
                throw new CredentialIssueException($"{where} answered {status}{(error is null ? "" : $" {error}")}.");
            }

            if (!IsJson(response.Content))
            {
                throw new CredentialIssueException($"{where} answered {status} with something that is not JSON.");
            }

            return TokenResponseReader.Read(body, out var problem) ?? throw new CredentialIssueException($"{where} answered {status} {problem}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <returns>Null where the body is too large.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaximumResponseBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var body = length > MaximumResponseBytes ? null : buffer[..length];
        CryptographicOperations.ZeroMemory(buffer);
        return body;
    }

    private static bool IsJson(HttpContent content) =>
        content.Headers.ContentType?.MediaType is { } type
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name cannot be resolved",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no TLS connection; check its certificate",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        HttpRequestError.ResponseEnded => "the answer ended early",
        HttpRequestError.ConfigurationLimitExceeded => "the answer's headers are too large",
        _ => $"the request failed ({error})",
    };

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false, // a redirect would carry the client's secret to a host that nobody configured
        UseCookies = false,
        UseProxy = false, // a proxy named in the environment is not configuration either
        ActivityHeadersPropagator = null, // neither a trace nor an agent's baggage goes there, and no span holds the path
        MaxConnectionsPerServer = 32,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows changes of DNS
    };
}
