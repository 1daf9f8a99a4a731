using System.Net.Security;
using Gateway.Integrations.Tls;

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
            options.CertificateChainPolicy = PemFiles.TrustOnly(CaFile, UnreadableAuthorities);
        }

        if (Certificate is not null)
        {
            // Read for each connection, since such certificates are short-lived and replaced in place.
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => PemFiles.Load(Certificate, Key, UnreadableCertificate);
        }

        return options;
    }

    private static ReceiverFileException UnreadableAuthorities() => new("The file of certificate authorities for the receiver cannot be read as PEM.");

    private static ReceiverFileException UnreadableCertificate() => new("The client certificate for the receiver cannot be read as PEM.");
}
