using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;

namespace Gateway.Integrations.Receivers;

/// <summary>Sets what authenticates the gateway to a receiver.</summary>
internal sealed class ReceiverHeaders(ReceiverSettings settings, ISecretSource secrets, TimeProvider clock)
{
    private readonly IReadOnlyList<(ReceiverHeader Header, HeaderSecret Secret)> _headers =
        [.. settings.Headers.Select(header => (header, new HeaderSecret(header.Value, secrets, clock)))];

    private readonly HeaderSecret? _list = settings.HeaderList is { } reference ? new(reference, secrets, clock) : null;

    /// <exception cref="SecretUnavailableException">One cannot be read, or cannot be sent.</exception>
    public async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (header, secret) in _headers)
        {
            var value = (await secret.ReadAsync(cancellationToken)).Reveal();
            request.Headers.TryAddWithoutValidation(header.Name, header.Scheme is null ? value : $"{header.Scheme} {value}");
        }

        if (_list is not null)
        {
            Apply((await _list.ReadAsync(cancellationToken)).Reveal(), request);
        }
    }

    /// <summary>As in W3C Baggage, without properties (OpenTelemetry, "Specifying headers via environment variables").</summary>
    private static void Apply(string list, HttpRequestMessage request)
    {
        foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=');
            var name = equals < 0 ? "" : entry[..equals].Trim();
            var value = Uri.UnescapeDataString(entry[(equals + 1)..].Trim());
            if (InjectableHeader.Check(name) is not null || HeaderText.Check(value) is not null || !request.Headers.TryAddWithoutValidation(name, value))
            {
                throw new SecretUnavailableException("The list of headers holds an entry that cannot be sent.");
            }
        }
    }
}
