namespace Gateway.Configuration;

/// <summary>One address to listen on.</summary>
internal sealed record ListenerOptions
{
    /// <summary><c>http://</c> or <c>https://</c>, an IP address, <c>localhost</c> or <c>*</c> (every address), and a port; nothing behind it.</summary>
    [Expects("an address such as \"http://127.0.0.1:8080\"")]
    public required string Url { get; init; }

    /// <summary>PEM file with the server's certificate, followed by its chain. Required for https, refused for http.</summary>
    [Expects("the path of a PEM file with the certificate and its chain")]
    public string? Certificate { get; init; }

    /// <summary>PEM file with the certificate's unencrypted private key. Required for https, refused for http.</summary>
    [Expects("the path of a PEM file with the certificate's unencrypted private key")]
    public string? Key { get; init; }

    /// <summary>Whether agents' certificates are asked for; https listeners for agents only. Default: <see cref="ListenerClientCertificate.None"/>.</summary>
    public ListenerClientCertificate ClientCertificate { get; init; }

    /// <summary>
    /// The URLs that agents call this listener by, as far as the tools' paths: what a DPoP proof names as its target (RFC 9449,
    /// <c>htu</c>). Default: those that follow from <see cref="Url"/>, if it names an IP address or localhost, and a port.
    /// </summary>
    [Expects("URLs such as [\"https://gateway.example.com\"]")]
    public IReadOnlyList<string> ExternalUrls { get; init; } = [];
}
