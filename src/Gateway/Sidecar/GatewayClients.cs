using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Sidecar;

/// <summary>Makes the client that reaches the gateway, of files as they are now.</summary>
internal sealed class GatewayClients(SidecarSettings settings, ProofKey? proofs, TimeProvider clock)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What the client is made of, in the order in which it is taken.</summary>
    public IReadOnlyList<string> Files { get; } =
        [.. new[] { settings.Certificate, settings.Key, settings.TrustedCertificates }.OfType<string>()];

    /// <returns>Null where the files are no good.</returns>
    public HttpMessageInvoker? Create(IReadOnlyList<byte[]> contents)
    {
        try
        {
            var texts = new Queue<string>(contents.Select(Encoding.ASCII.GetString));
            var client = settings.Certificate is null ? null : ClientCertificate(texts.Dequeue(), texts.Dequeue());
            var trusted = settings.TrustedCertificates is null ? null : Certificates(texts.Dequeue());
            return trusted is { Count: 0 } ? null : Create(client, trusted);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static SslStreamCertificateContext ClientCertificate(string certificates, string key)
    {
        var chain = Certificates(certificates);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificates, key), [.. chain.Skip(1)], offline: true);
    }

    private static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    /// <remarks>Nobody disposes of a client that was replaced: requests may be under way. Its idle connections close by themselves.</remarks>
    private HttpMessageInvoker Create(SslStreamCertificateContext? certificate, X509Certificate2Collection? trusted)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = ConnectTimeout,

            // A gateway that is gone without a word must not hold a stream for ever, nor one that moved a connection.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),

            // Bytes of headers pass as they came.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        };
        handler.SslOptions.ClientCertificateContext = certificate;
        handler.SslOptions.CertificateChainPolicy = trusted is null ? null : Policy(trusted);
        if (settings.GatewaySpiffeId is { } id)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, server, _, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None && server is X509Certificate2 found && UriName.Find(found) == id;
        }

        if (settings.GatewaySocket is { } path)
        {
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
        }

        var flushing = new FlushingHandler(handler);
        return new HttpMessageInvoker(proofs is null ? flushing : new ProofHandler(proofs, settings.ExternalUrl, clock, flushing));
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection trusted)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(trusted);
        return policy;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
