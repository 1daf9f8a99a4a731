using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Integrations.Tls;

/// <summary>Whom a connection trusts and who it is, from PEM files.</summary>
internal static class PemFiles
{
    /// <summary>Trusts what the file's authorities have signed and nothing else, and asks no network about a certificate.</summary>
    /// <param name="file">The authorities.</param>
    /// <param name="unreadable">Made where it cannot be read; what the system says of the file is not passed on.</param>
    public static X509ChainPolicy TrustOnly(string file, Func<Exception> unreadable)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw unreadable();
        }

        return policy;
    }

    /// <param name="certificate">The certificate.</param>
    /// <param name="key">Its key; null where it is in the same file.</param>
    /// <param name="unreadable">Made where they cannot be read.</param>
    public static X509Certificate2 Load(string certificate, string? key, Func<Exception> unreadable)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw unreadable();
        }
    }
}
