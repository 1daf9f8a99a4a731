namespace Gateway.Configuration;

/// <summary>How a bundle endpoint's server proves itself (SPIFFE Federation, section 5.2), in the specification's own words.</summary>
internal enum BundleEndpointProfile
{
    /// <summary>By a certificate for its host's name.</summary>
    https_web,

    /// <summary>By an X.509-SVID.</summary>
    https_spiffe,
}
