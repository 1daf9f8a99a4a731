using Gateway.Core.Credentials;
using Gateway.Integrations.Webhook;

namespace Gateway.Configuration;

/// <summary>A server that takes batches of records by POST; a batch has arrived once it answers with 2xx.</summary>
internal sealed record WebhookSinkOptions : AuditSinkOptions
{
    /// <summary>Where to post, https (http on a loopback host).</summary>
    [Expects("a URL such as \"https://splunk.example:8088/services/collector/event\"")]
    public required string Url { get; init; }

    /// <summary>How a batch is written. Default: <see cref="WebhookFormat.Ndjson"/>.</summary>
    public WebhookFormat Format { get; init; } = WebhookFormat.Ndjson;

    /// <summary>The header that authenticates the gateway. Default: "Authorization".</summary>
    [Expects("the name of a header such as \"Authorization\"")]
    public string Header { get; init; } = "Authorization";

    /// <summary>The word before the secret in that header. Null: "Splunk" for <see cref="WebhookFormat.SplunkHec"/>, else "Bearer", and none in another header than Authorization.</summary>
    [Expects("a word such as \"Bearer\" or \"Splunk\"")]
    public string? Scheme { get; init; }

    /// <summary>Where the header's secret is read. Null: the header is not sent.</summary>
    [Expects("a reference: secret:NAME, env:NAME, file:PATH or vault:PATH#FIELD")]
    public SecretReference? Value { get; init; }

    /// <summary>Whether requests are compressed (gzip). Default: false.</summary>
    public bool Compress { get; init; }
}
