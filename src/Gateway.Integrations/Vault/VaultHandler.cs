using System.Net;
using Gateway.Integrations.Tls;

namespace Gateway.Integrations.Vault;

/// <summary>The way to Vault, trusted no further than configuration says.</summary>
internal static class VaultHandler
{
    /// <exception cref="VaultException">The authorities' file cannot be read.</exception>
    public static SocketsHttpHandler Create(VaultSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // the token would go wherever the server says
            UseCookies = false,
            UseProxy = false, // a proxy named in the environment is not configuration
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null, // neither a trace nor an agent's baggage goes there, and no span holds the path
            MaxConnectionsPerServer = 32,
            MaxResponseHeadersLength = 32,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        if (settings.CaFile is { } file)
        {
            handler.SslOptions.CertificateChainPolicy = PemFiles.TrustOnly(file, UnreadableAuthorities);
        }

        if (settings.Auth is { Certificate: { } certificate } auth)
        {
            // Read for each connection, since such certificates are short-lived and replaced in place.
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => PemFiles.Load(certificate, auth.Key, static () => new AuthenticationFileException());
        }

        return handler;
    }

    private static VaultException UnreadableAuthorities() => new("The file of certificate authorities for Vault cannot be read as PEM.");

    /// <summary>Ends the handshake; the client reports it as a TLS failure.</summary>
    private sealed class AuthenticationFileException() : IOException("The client certificate for Vault cannot be read as PEM.");
}
