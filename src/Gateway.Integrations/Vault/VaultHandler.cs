using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

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
            handler.SslOptions.CertificateChainPolicy = TrustOnly(file);
        }

        if (settings.Auth is { Certificate: { } certificate } auth)
        {
            // Read for each connection, since such certificates are short-lived and replaced in place.
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => Load(certificate, auth.Key);
        }

        return handler;
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new VaultException("The file of certificate authorities for Vault cannot be read as PEM.");
        }

        return policy;
    }

    private static X509Certificate2 Load(string certificate, string? key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new AuthenticationFileException();
        }
    }

    /// <summary>Ends the handshake; the client reports it as a TLS failure.</summary>
    private sealed class AuthenticationFileException() : IOException("The client certificate for Vault cannot be read as PEM.");
}
