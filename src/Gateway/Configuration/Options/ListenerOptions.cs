namespace Gateway.Configuration;

/// <summary>One address to listen on.</summary>
internal sealed record ListenerOptions
{
    /// <summary>
    /// <c>http://</c> or <c>https://</c>, an IP address, <c>localhost</c> or <c>*</c> (every address), and a port; nothing behind it.
    /// Or <c>unix:</c> and the path of a Unix socket, whose directory exists.
    /// </summary>
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

    /// <summary>Permissions of a Unix socket, octal: whoever may write it may connect. Null: "0660". Refused for http and https.</summary>
    [Expects("permissions in octal such as \"0660\"")]
    public string? Mode { get; init; }

    /// <summary>Group of a Unix socket, name or number. Null: the one that new files of the gateway get. Refused for http and https.</summary>
    [Expects("a group such as \"agents\"")]
    public string? Group { get; init; }
}
