namespace Gateway.Configuration;

/// <summary>A syslog receiver: RFC 5424 over TLS (RFC 5425). One record a message, MSG is the line as it is in the file.</summary>
internal sealed record SyslogSinkOptions : AuditSinkOptions
{
    /// <summary>The receiver's host name or address; its certificate must be for that name.</summary>
    [Expects("a host name such as \"siem.example\"")]
    public required string Host { get; init; }

    /// <summary>Its port. 1 to 65535. Default: 6514.</summary>
    [Expects("a number from 1 to 65535")]
    public int Port { get; init; } = 6514;

    /// <summary>The messages' facility (RFC 5424, section 6.2.1): 0 to 23. Default: 13, log audit; 16 is local0.</summary>
    [Expects("a number from 0 to 23")]
    public int Facility { get; init; } = 13;

    /// <summary>The messages' HOSTNAME. Null: this machine's name.</summary>
    [Expects("a host name such as \"gateway-1.example\"")]
    public string? HostName { get; init; }

    /// <summary>The messages' APP-NAME, at most 48 characters. Default: "gateway".</summary>
    [Expects("a name such as \"gateway\"")]
    public string AppName { get; init; } = "gateway";

    /// <summary>
    /// How long a record may be on its way. Syslog acknowledges nothing, so that what was sent no longer than this before the connection
    /// broke is sent again. 0 to 10 minutes. Default: 5 seconds.
    /// </summary>
    [Between("00:00:00", "00:10:00")]
    public TimeSpan ResendWindow { get; init; } = TimeSpan.FromSeconds(5);
}
