using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>What a gateway under test is configured with; the listeners are the fixture's.</summary>
internal sealed record GatewaySetup
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public required object Identity { get; init; }

    public required IReadOnlyDictionary<string, object> Tools { get; init; }

    public required IReadOnlyDictionary<string, object> Credentials { get; init; }

    /// <summary>The section of that name; null for none.</summary>
    public object? Vault { get; init; }

    /// <summary>The section of that name; null for its defaults.</summary>
    public object? Tasks { get; init; }

    /// <summary>The section of that name; null for the admin token.</summary>
    public object? Admin { get; init; }

    /// <summary>The section of that name; null for the directory "audit" alone.</summary>
    public object? Audit { get; init; }

    /// <summary>Cedar.</summary>
    public required string Policies { get; init; }

    /// <summary>"Enforce" or "Observe".</summary>
    public string PolicyMode { get; init; } = "Enforce";

    /// <summary>The whole <c>Policy</c> section; null: the embedded engine with <see cref="Policies"/>.</summary>
    public object? Policy { get; init; }

    /// <summary>PEM files of an additional https listener.</summary>
    public (string Certificate, string Key)? Tls { get; init; }

    /// <summary>Whether that listener asks for certificates: "None", "Accept" or "Require".</summary>
    public string ClientCertificate { get; init; } = "None";

    /// <summary>Listeners for agents beside the fixture's own.</summary>
    public IReadOnlyList<object> MoreListeners { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What follows <c>run --config FILE</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether everything that can log does. What is logged at Trace may not hold a secret either.</summary>
    public bool Trace { get; init; } = true;

    public string ConfigurationJson(int agents, int admin, int https)
    {
        var listeners = new List<object> { new { Url = $"http://127.0.0.1:{agents}" } };
        if (Tls is { } tls)
        {
            listeners.Add(new { Url = $"https://127.0.0.1:{https}", tls.Certificate, tls.Key, ClientCertificate });
        }

        listeners.AddRange(MoreListeners);
        return JsonSerializer.Serialize(
            new
            {
                Gateway = new
                {
                    DataDirectory = "data",
                    Listeners = new { Agents = listeners, Admin = new { Url = $"http://127.0.0.1:{admin}" } },
                    Identity,
                    Policy = Policy ?? new { Directory = "policies", Mode = PolicyMode },
                    Tools,
                    Credentials,
                    Vault,
                    Tasks,
                    Admin,
                    Audit = Audit ?? new { Directory = "audit" },
                },
            },
            Indented);
    }
}
