namespace Gateway.Configuration;

/// <summary>Whether DPoP proofs must hold a nonce of the gateway's.</summary>
internal enum DpopNonce
{
    /// <summary>No.</summary>
    None,

    /// <summary>Yes; the first proof without one is answered with <c>use_dpop_nonce</c> and the nonce (RFC 9449, section 9).</summary>
    Required,
}
