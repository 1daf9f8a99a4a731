using System.Text.Json;

namespace Gateway.Core.Identity.Kinds;

/// <summary>An access token of an application or a managed identity of one tenant.</summary>
/// <remarks>
/// A token without <c>idtyp</c> is refused like a person's: whether tokens have it is the API's choice, and nothing else in a
/// token tells the two apart for certain. <c>appid</c> (v1) and <c>azp</c> (v2) name the same client.
/// </remarks>
/// <param name="tenant">The tenant's id, in lower case.</param>
internal sealed class EntraRules(string tenant) : ITokenRules
{
    public IdentityFailure? Check(JsonElement claims) =>
        !Says(claims, "tid", tenant) ? IdentityFailure.TenantInvalid
        : !Says(claims, "idtyp", "app") ? IdentityFailure.NotAnApplication
        : NamesTwoClients(claims) ? IdentityFailure.ClientInvalid
        : null;

    private static bool Says(JsonElement claims, string name, string expected) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(expected);

    private static bool NamesTwoClients(JsonElement claims) =>
        claims.TryGetProperty("azp", out var client)
        && claims.TryGetProperty("appid", out var application)
        && (client.ValueKind != JsonValueKind.String || application.ValueKind != JsonValueKind.String || client.GetString() != application.GetString());
}
