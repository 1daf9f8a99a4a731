using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Credentials;
using Gateway.Core.Identity;

namespace Gateway.Integrations.Kubernetes;

/// <summary>Asks one cluster's API server, and shows it the gateway's own service account token.</summary>
/// <remarks>
/// Token and authorities are read anew whenever they are needed, since the cluster replaces both. Neither serves any other host:
/// no redirects are followed, and addresses are given as paths. No cookies, no proxy from the environment, no trace headers.
/// </remarks>
internal sealed class ClusterClient : IDisposable
{
    /// <summary>Bytes. Honest answers are a few kilobytes.</summary>
    private const int MaxResponse = 1024 * 1024;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private readonly ClusterDefinition _cluster;
    private readonly ISecretSource _secrets;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public ClusterClient(ClusterDefinition cluster, ISecretSource secrets, TimeProvider time)
    {
        _cluster = cluster;
        _secrets = secrets;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectLimit,
            MaxConnectionsPerServer = 16,
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = Trusts },
            UseCookies = false,
            UseProxy = false,
        };
        _client = new HttpClient(handler) { MaxResponseContentBufferSize = MaxResponse, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Whether an address is on the API server itself, down to scheme and port.</summary>
    public bool Serves(Uri address) =>
        Uri.Compare(address, _cluster.ApiServer, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <param name="method">GET or POST.</param>
    /// <param name="path">Path and query on the API server.</param>
    /// <param name="json">The body; null for none.</param>
    /// <param name="expected">The one status that is an answer.</param>
    /// <param name="timeLimit">For everything.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ClusterException">There is no such answer.</exception>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? json, HttpStatusCode expected, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(_cluster.ApiServer, path));
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.Authorization = await AuthorizeAsync(either.Token);
            if (json is not null)
            {
                request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return response.StatusCode == expected
                ? await response.Content.ReadAsByteArrayAsync(either.Token)
                : throw new ClusterException($"The API server answered with status {(int)response.StatusCode}.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException($"The API server did not answer within {timeLimit.TotalSeconds} seconds.");
        }
        catch (HttpRequestException exception)
        {
            throw new ClusterException(Describe(exception.HttpRequestError));
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<AuthenticationHeaderValue> AuthorizeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = (await _secrets.ReadAsync(_cluster.Token, cancellationToken)).Reveal();
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~')
                ? new AuthenticationHeaderValue("Bearer", token)
                : throw new ClusterException("The gateway's own token for the API server has characters that no token has.");
        }
        catch (SecretUnavailableException exception)
        {
            throw new ClusterException($"The gateway's own token for the API server cannot be read: {exception.Message}");
        }
    }

    /// <summary>By the cluster's own authorities and no others: whoever has a public certificate for the name is not the API server.</summary>
    private bool Trusts(object sender, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(_cluster.CaFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(presented?.ChainPolicy.ExtraStore ?? []);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // Clusters publish no revocation lists.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
        return chain.Build(leaf);
    }

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "The API server's host name could not be resolved.",
        HttpRequestError.ConnectionError => "The API server could not be reached.",
        HttpRequestError.SecureConnectionError => "The API server's certificate was not accepted by the authorities in CaFile, or TLS failed.",
        HttpRequestError.ConfigurationLimitExceeded => $"The API server's answer is larger than {MaxResponse} bytes.",
        HttpRequestError.ResponseEnded => "The API server's answer broke off.",
        _ => "The API server's answer was not valid HTTP.",
    };
}
