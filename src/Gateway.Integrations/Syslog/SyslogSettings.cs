using Gateway.Integrations.Receivers;

namespace Gateway.Integrations.Syslog;

/// <summary>A syslog receiver over TLS, and how messages to it are labelled.</summary>
/// <param name="Host">Its name or address, which its certificate must bear.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">Who proves what.</param>
internal sealed record SyslogSettings(string Host, int Port, ReceiverTls Tls)
{
    /// <summary>RFC 5424, section 6.2.1: 13 is "log audit".</summary>
    public int Facility { get; init; } = 13;

    /// <summary>APP-NAME.</summary>
    public string AppName { get; init; } = "gateway";

    /// <summary>HOSTNAME.</summary>
    public required string HostName { get; init; }

    /// <summary>PROCID.</summary>
    public required int ProcessId { get; init; }

    /// <summary>For connecting, and for one batch to be taken.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a record may be on its way: what was sent later than this before a connection broke is sent again.</summary>
    public TimeSpan ResendWindow { get; init; } = TimeSpan.FromSeconds(5);
}
