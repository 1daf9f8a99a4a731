namespace Gateway.Integrations.Webhook;

/// <summary>How a batch of records becomes the body of a request.</summary>
internal enum WebhookFormat
{
    /// <summary>One event a line, as in the files (<c>application/x-ndjson</c>).</summary>
    Ndjson,

    /// <summary>One JSON array of events (<c>application/json</c>).</summary>
    JsonArray,

    /// <summary>Splunk's HTTP Event Collector: objects with <c>event</c>, <c>time</c>, <c>host</c>, <c>source</c> and <c>sourcetype</c>, one after the other.</summary>
    SplunkHec,
}
