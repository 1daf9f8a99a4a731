using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Integrations.Receivers;

/// <summary>How a receiver and the gateway prove themselves to each other.</summary>
/// <param name="CaFile">PEM file with the authorities that alone may have signed the receiver's certificate; null means the system's.</param>
/// <param name="Certificate">PEM file with the gateway's certificate; null means none.</param>
/// <param name="Key">PEM file with its key.</param>
internal sealed record ReceiverTls(string? CaFile = null, string? Certificate = null, string? Key = null)
{
    /// <exception cref="ReceiverFileException">A file cannot be read.</exception>
    public SslClientAuthenticationOptions CreateOptions()
    {
        var options = new SslClientAuthenticationOptions();
        if (CaFile is not null)
        {
            options.CertificateChainPolicy = TrustOnly(CaFile);
        }

        if (Certificate is not null)
        {
            // Read for each connection, since such certificates are short-lived and replaced in place.
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => Load(Certificate, Key);
        }

        return options;
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ReceiverFileException("The file of certificate authorities for the receiver cannot be read as PEM.");
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
            throw new ReceiverFileException("The client certificate for the receiver cannot be read as PEM.");
        }
    }
}
