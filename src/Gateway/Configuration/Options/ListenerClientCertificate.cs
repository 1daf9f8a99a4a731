namespace Gateway.Configuration;

/// <summary>Whether an https listener asks its clients for a certificate.</summary>
internal enum ListenerClientCertificate
{
    /// <summary>No.</summary>
    None,

    /// <summary>It asks, and goes on without one.</summary>
    Accept,

    /// <summary>Without a certificate there is no connection.</summary>
    Require,
}
