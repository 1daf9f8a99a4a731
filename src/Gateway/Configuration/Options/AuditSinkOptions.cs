namespace Gateway.Configuration;

/// <summary>Where the call log's records are delivered to, beside the files. The key "Type" selects the derived record.</summary>
[Variant("Otlp", typeof(OtlpSinkOptions))]
[Variant("Syslog", typeof(SyslogSinkOptions))]
[Variant("Webhook", typeof(WebhookSinkOptions))]
internal abstract record AuditSinkOptions
{
    /// <summary>Most records of one batch. 1 to 10,000. Default: 1,000.</summary>
    [Expects("a number from 1 to 10000")]
    public int BatchRecords { get; init; } = 1_000;

    /// <summary>Most bytes of records in one batch, unless one record alone is longer. 65,536 to 16,777,216. Default: 1,048,576.</summary>
    [Expects("a number from 65536 to 16777216")]
    public int BatchBytes { get; init; } = 1_048_576;

    /// <summary>How long records gather while there are few. 10 milliseconds to 1 minute. Default: 1 second.</summary>
    [Between("00:00:00.01", "00:01:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the receiver may take for one batch. 1 second to 5 minutes. Default: 10 seconds.</summary>
    [Between("00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>PEM file with the authorities that may have signed the receiver's certificate, instead of the system's. Null: the system's.</summary>
    [Expects("the path of a PEM file with certificates")]
    public string? CaFile { get; init; }

    /// <summary>PEM file with the certificate that the gateway shows the receiver. Null: none.</summary>
    [Expects("the path of a PEM file with a certificate")]
    public string? Certificate { get; init; }

    /// <summary>PEM file with the key of <see cref="Certificate"/>. Null: no certificate.</summary>
    [Expects("the path of a PEM file with a private key")]
    public string? Key { get; init; }
}
