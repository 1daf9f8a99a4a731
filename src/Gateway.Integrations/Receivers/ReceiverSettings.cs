using Gateway.Core.Credentials;

namespace Gateway.Integrations.Receivers;

/// <summary>Where a receiver is that takes records by HTTP, and how it is spoken to.</summary>
/// <param name="Endpoint">Absolute; https, or http on the loopback interface.</param>
/// <param name="Tls">Who proves what.</param>
internal sealed record ReceiverSettings(Uri Endpoint, ReceiverTls Tls)
{
    /// <summary>For one request as a whole.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What authenticates the gateway there.</summary>
    public IReadOnlyList<ReceiverHeader> Headers { get; init; } = [];

    /// <summary>Headers in one text, "name=value,name=value", as OpenTelemetry's environment variables have them; null: none.</summary>
    public SecretReference? HeaderList { get; init; }

    /// <summary>Whether requests are compressed (gzip).</summary>
    public bool Compress { get; init; }
}
