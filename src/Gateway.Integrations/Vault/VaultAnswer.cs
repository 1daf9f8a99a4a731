using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>An answer of Vault.</summary>
/// <param name="server">Host and port of who gave it.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="root">The body; undefined where there is none or, in a refusal, none that is JSON.</param>
/// <param name="retryAfter">When the server wants to be asked again; null where it did not say.</param>
internal sealed class VaultAnswer(string server, int status, JsonElement root, TimeSpan? retryAfter)
{
    /// <summary>More than any credential that is called ephemeral, and within what a date can hold.</summary>
    private const long MaximumSeconds = 366 * 24 * 3600;

    public string Server { get; } = server;

    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public bool Succeeded => Status is >= 200 and < 300;

    public JsonElement Data => Child(root, "data");

    public JsonElement Auth => Child(root, "auth");

    /// <summary>Null where the answer came without a lease.</summary>
    public string? LeaseId => Text(root, "lease_id") is { Length: > 0 } id ? id : null;

    public bool IsRenewable => Flag(root, "renewable");

    /// <summary>Null where it is 0, which means that the server does not say.</summary>
    public TimeSpan? LeaseDuration => Seconds(root, "lease_duration");

    /// <summary>Whether one of the refusal's reasons holds these words. What the server wrote is recognised here, and passed on nowhere.</summary>
    public bool Says(string words)
    {
        var errors = Child(root, "errors");
        return errors.ValueKind == JsonValueKind.Array
            && errors.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.String && e.GetString() is { } text && text.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What to throw where the answer is not the one hoped for.</summary>
    public VaultException Refuse(VaultRequest request) => new($"Vault {Server} answered {Status} to {request}: {VaultWords.Explain(this)}.");

    /// <summary>What to throw where a success lacks what it should hold.</summary>
    /// <param name="request">The question.</param>
    /// <param name="problem">To follow "answered 200".</param>
    public VaultException Misses(VaultRequest request, string problem) => new($"Vault {Server} answered {Status} to {request} {problem}.");

    public static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    public static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A text that can be put into a header; null for anything else.</summary>
    public static SecretValue? Secret(JsonElement parent, string name) =>
        Text(parent, name) is { } text && HeaderText.Check(text) is null ? new SecretValue(text) : null;

    public static bool Flag(JsonElement parent, string name) => Child(parent, name).ValueKind == JsonValueKind.True;

    public static TimeSpan? Seconds(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, MaximumSeconds))
            : null;

    public override string ToString() => $"answer {Status} of {Server}";
}
