using System.Net;
using System.Net.Security;

namespace Gateway.Integrations.Oidc;

/// <summary>Fetches an issuer's public documents, and trusts the way there no further than it must.</summary>
/// <remarks>
/// No redirects: where keys come from is configuration, not the answer of a server. No cookies, no proxy from the environment,
/// no trace headers. The whole answer must arrive within <see cref="TimeLimit"/> and <see cref="KeySetDocument.MaxLength"/>.
/// </remarks>
internal sealed class IssuerHttpClient : IKeyDocuments, IDisposable
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <param name="time">The clock.</param>
    /// <param name="tls">How the server proves itself; null means to the system's authorities, by its host's name.</param>
    public IssuerHttpClient(TimeProvider time, SslClientAuthenticationOptions? tls = null)
    {
        _time = time;
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeLimit,
            MaxConnectionsPerServer = 4,
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = tls ?? new SslClientAuthenticationOptions(),
            UseCookies = false,
            UseProxy = false,
        };
        _client = new HttpClient(handler)
        {
            MaxResponseContentBufferSize = KeySetDocument.MaxLength,

            // Time is limited below, by our clock.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Whether keys from there can be believed: TLS, or no network at all.</summary>
    public static bool IsTrustworthy(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    /// <exception cref="KeyFetchException">There is no document to be had.</exception>
    public async Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        if (!IsTrustworthy(address))
        {
            throw new KeyFetchException("Keys are fetched over https only, or over http from a loopback address.");
        }

        using var timeLimit = new CancellationTokenSource(TimeLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? await response.Content.ReadAsByteArrayAsync(either.Token)
                : throw new KeyFetchException($"The issuer answered with status {(int)response.StatusCode}.");
        }
        catch (OperationCanceledException) when (timeLimit.IsCancellationRequested)
        {
            throw new KeyFetchException($"The issuer did not answer within {TimeLimit.TotalSeconds} seconds.");
        }
        catch (HttpRequestException exception)
        {
            throw new KeyFetchException(Describe(exception.HttpRequestError));
        }
    }

    public void Dispose() => _client.Dispose();

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "The issuer's host name could not be resolved.",
        HttpRequestError.ConnectionError => "The issuer could not be reached.",
        HttpRequestError.SecureConnectionError => "The issuer's TLS certificate was not accepted, or TLS failed.",
        HttpRequestError.ConfigurationLimitExceeded => $"The issuer's answer is larger than {KeySetDocument.MaxLength} bytes.",
        HttpRequestError.ResponseEnded => "The issuer's answer broke off.",
        _ => "The issuer's answer was not valid HTTP.",
    };
}
