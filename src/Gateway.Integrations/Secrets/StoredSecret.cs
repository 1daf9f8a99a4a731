using System.Text.Json.Serialization;

namespace Gateway.Integrations.Secrets;

/// <summary>An entry of the store's file.</summary>
/// <param name="Protected">The value, encrypted for this entry's name, in base64url.</param>
/// <param name="SetAt">When it was set.</param>
internal sealed record StoredSecret(
    [property: JsonPropertyName("protected")] string Protected,
    [property: JsonPropertyName("setAt")] DateTimeOffset SetAt);
