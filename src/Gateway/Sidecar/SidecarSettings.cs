using Gateway.Configuration;

namespace Gateway.Sidecar;

/// <summary>What a sidecar does, found sound.</summary>
internal sealed record SidecarSettings
{
    /// <summary>A loopback address or a Unix socket: whoever can connect is the workload.</summary>
    public required ListenerAddress Listen { get; init; }

    /// <summary>The gateway's scheme and authority; of a Unix socket a made-up one.</summary>
    public required Uri Gateway { get; init; }

    /// <summary>Where the gateway listens on this host; null where it is reached by <see cref="Gateway"/>.</summary>
    public string? GatewaySocket { get; init; }

    /// <summary>What the gateway calls itself, for the address in a proof (RFC 9449, section 4.2).</summary>
    public required Uri ExternalUrl { get; init; }

    /// <summary>File with the workload's token; null where a certificate alone identifies it.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file with the client certificate and its chain; null where there is none.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with the certificate's private key.</summary>
    public string? Key { get; init; }

    /// <summary>PEM file with the certificates that the gateway's own may be issued by; null: the system's.</summary>
    public string? TrustedCertificates { get; init; }

    /// <summary>The gateway's SPIFFE ID, which then counts instead of its host name; null: the host name.</summary>
    public string? GatewaySpiffeId { get; init; }

    /// <summary>Whether requests carry a proof of possession.</summary>
    public bool ProvesPossession { get; init; }

    /// <summary>Where the token in the file is exchanged for one that is bound to the proof's key; null: it is sent as it is.</summary>
    public TokenExchange? Exchange { get; init; }

    /// <summary>How long nothing may come from the gateway before a request is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}
