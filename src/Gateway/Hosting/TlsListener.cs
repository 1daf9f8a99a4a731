using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gateway.Configuration;
using Gateway.Identity;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Hosting;

/// <summary>The TLS of one listener.</summary>
/// <remarks>
/// Whoever holds a certificate may connect with it: self-signed ones that a token is bound to (RFC 8705, section 2.2) look no
/// different from a stranger's, and bundles change while connections live. Which agent it is, if any, is judged call by call.
/// </remarks>
internal sealed class TlsListener
{
    private readonly ListenerCertificate _certificate;
    private readonly ListenerClientCertificate _clientCertificate;

    private TlsListener(ListenerCertificate certificate, ListenerClientCertificate clientCertificate)
    {
        (_certificate, _clientCertificate) = (certificate, clientCertificate);
    }

    public static void Use(ListenOptions listen, ListenerOptions options)
    {
        if (options.Certificate is not { } file)
        {
            return;
        }

        var services = listen.ApplicationServices;
        var certificate = new ListenerCertificate(
            file, options.Key, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ListenerCertificate>>());
        var listener = new TlsListener(certificate, options.ClientCertificate);
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = context => new(listener.Options(context.Connection)) });
    }

    private SslServerAuthenticationOptions Options(ConnectionContext connection)
    {
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = _certificate.Current };
        if (_clientCertificate == ListenerClientCertificate.None)
        {
            return options;
        }

        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accept(connection, certificate, chain);

        // A resumed session would know the client's certificate, but not the intermediates that were sent with it.
        options.AllowTlsResume = false;
        options.AllowRenegotiation = false;

        // The platform builds a chain before it asks us. It is not looked at: no store of the system and no network shall be
        // asked about a stranger's certificate.
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        return options;
    }

    private bool Accept(ConnectionContext connection, X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is null)
        {
            return _clientCertificate != ListenerClientCertificate.Require;
        }

        // Copies, since those handed in are disposed of after the handshake.
        var presented = new PresentedCertificate(
            X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()),
            chain is null ? [] : [.. chain.ChainPolicy.ExtraStore.Select(sent => X509CertificateLoader.LoadCertificate(sent.RawData))]);
        connection.Features.Set(presented);
        return true;
    }
}
