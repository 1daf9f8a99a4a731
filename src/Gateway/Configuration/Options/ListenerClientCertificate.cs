namespace Gateway.Configuration;

/// <summary>Whether a listener asks for the caller's certificate. Any certificate passes the handshake; it is judged call by call.</summary>
internal enum ListenerClientCertificate
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Asked for, and may be missing.</summary>
    Accept,

    /// <summary>Asked for; the handshake fails without one.</summary>
    Require,
}
