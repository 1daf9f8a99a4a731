using System.Text.Json.Nodes;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>What <see cref="FakeVault"/> answers.</summary>
internal sealed record FakeVaultAnswer(int Status, JsonObject? Body)
{
    public static FakeVaultAnswer NoContent { get; } = new(204, null);

    public static FakeVaultAnswer Error(int status, params string[] errors) => new(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(e => (JsonNode)e)]) });

    /// <summary>Vault's envelope.</summary>
    public static FakeVaultAnswer Ok(JsonObject? data = null, JsonObject? auth = null, string lease = "", bool renewable = false, long duration = 0, int status = 200) => new(status, new JsonObject
    {
        ["request_id"] = Guid.NewGuid().ToString(),
        ["lease_id"] = lease,
        ["renewable"] = renewable,
        ["lease_duration"] = duration,
        ["data"] = data?.DeepClone(),
        ["wrap_info"] = null,
        ["warnings"] = null,
        ["auth"] = auth,
    });
}
