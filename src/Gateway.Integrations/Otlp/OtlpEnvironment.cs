using System.Globalization;

namespace Gateway.Integrations.Otlp;

/// <summary>
/// OpenTelemetry's standard environment variables, as far as they concern the export of one signal ("OpenTelemetry Protocol Exporter").
/// A variable that is empty counts as not set.
/// </summary>
internal sealed class OtlpEnvironment(OtlpSignal signal, Func<string, string?> variables)
{
    private const string Common = "OTEL_EXPORTER_OTLP_";

    private readonly string _own = $"{Common}{signal.ToString().ToUpperInvariant()}_";

    /// <summary><see cref="OtlpProtocol.HttpProtobuf"/> where nothing is set, as the specification recommends; null where the variable says none of them.</summary>
    public OtlpProtocol? Protocol => Either("PROTOCOL") switch
    {
        null or "http/protobuf" => OtlpProtocol.HttpProtobuf,
        "http/json" => OtlpProtocol.HttpJson,
        "grpc" => OtlpProtocol.Grpc,
        _ => null,
    };

    /// <summary>"gzip" or "none"; null where it is not set.</summary>
    public string? Compression => Either("COMPRESSION");

    public string? Certificate => Either("CERTIFICATE");

    public string? ClientCertificate => Either("CLIENT_CERTIFICATE");

    public string? ClientKey => Either("CLIENT_KEY");

    /// <summary>The name of the variable that holds headers; null where there is none. The value may be secret.</summary>
    public string? HeadersVariable => NameOf("HEADERS");

    /// <summary>The name of the variable that says how long a request may take; null where none does.</summary>
    public string? TimeoutVariable => NameOf("TIMEOUT");

    /// <summary>Null where it is not set, or no whole number of milliseconds from 1 to an hour.</summary>
    public TimeSpan? Timeout =>
        int.TryParse(Either("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is > 0 and <= 3_600_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    /// <summary>The signal's own endpoint as it is, else the common one, else the standard default; for HTTP the last two with the signal's path appended.</summary>
    public string Endpoint(OtlpProtocol protocol) => Read($"{_own}ENDPOINT") ?? (protocol == OtlpProtocol.Grpc
        ? Read($"{Common}ENDPOINT") ?? "http://localhost:4317"
        : $"{(Read($"{Common}ENDPOINT") ?? "http://localhost:4318").TrimEnd('/')}/v1/{signal.ToString().ToLowerInvariant()}");

    /// <summary>
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c> and <c>OTEL_SERVICE_NAME</c>, which counts for more, over the given defaults. What is no
    /// list of attributes is ignored as a whole, as the specification has it.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Resource(params ReadOnlySpan<(string Name, string Value)> defaults)
    {
        var attributes = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in defaults)
        {
            attributes[name] = value;
        }

        var listed = (Read("OTEL_RESOURCE_ATTRIBUTES") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Array.TrueForAll(listed, entry => entry.IndexOf('=') > 0))
        {
            foreach (var entry in listed)
            {
                var equals = entry.IndexOf('=');
                attributes[entry[..equals].Trim()] = Uri.UnescapeDataString(entry[(equals + 1)..].Trim());
            }
        }

        if (Read("OTEL_SERVICE_NAME") is { } service)
        {
            attributes["service.name"] = service;
        }

        return [.. attributes];
    }

    private string? Either(string name) => Read($"{_own}{name}") ?? Read($"{Common}{name}");

    private string? NameOf(string name) => Read($"{_own}{name}") is not null ? $"{_own}{name}" : Read($"{Common}{name}") is not null ? $"{Common}{name}" : null;

    private string? Read(string name) => variables(name) is { Length: > 0 } value ? value : null;
}
