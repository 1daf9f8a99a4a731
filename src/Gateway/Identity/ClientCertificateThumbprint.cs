using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Identity;

/// <summary>SHA-256 of a client certificate in DER, as <c>x5t#S256</c> has it (RFC 8705, section 3.1).</summary>
/// <remarks>The server hands out one certificate object for each TLS connection, so that a connection's certificate is hashed once.</remarks>
internal static class ClientCertificateThumbprint
{
    private static readonly ConditionalWeakTable<X509Certificate2, byte[]> Known = [];

    /// <returns>Empty where there is no certificate.</returns>
    public static ReadOnlyMemory<byte> Of(X509Certificate2? certificate) =>
        certificate is null ? default : Known.GetValue(certificate, static c => SHA256.HashData(c.RawDataMemory.Span));
}
