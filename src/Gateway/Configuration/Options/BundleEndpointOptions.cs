namespace Gateway.Configuration;

/// <summary>A server that publishes a trust domain's bundle (SPIFFE Federation, section 5).</summary>
internal sealed record BundleEndpointOptions
{
    /// <summary>https.</summary>
    [Expects("an https URL such as \"https://spire.example.org/bundle\"")]
    public required string Url { get; init; }

    /// <summary>How the server proves itself. Required, since guessing it would be guessing whom to trust.</summary>
    [Expects("\"https_web\" or \"https_spiffe\"")]
    public required BundleEndpointProfile Profile { get; init; }

    /// <summary>
    /// The server's SPIFFE ID, required for <c>https_spiffe</c> and refused otherwise: in this trust domain, whose
    /// <see cref="TrustDomainOptions.BundleFile"/> is then needed for the first contact, or in another configured one.
    /// </summary>
    [Expects("the server's SPIFFE ID such as \"spiffe://example.org/spire/server\"")]
    public string? SpiffeId { get; init; }

    /// <summary>PEM file with the certificates that alone may vouch for the server, for <c>https_web</c>. Null: those that the system trusts.</summary>
    [Expects("the path of a PEM file with CA certificates")]
    public string? CaFile { get; init; }
}
