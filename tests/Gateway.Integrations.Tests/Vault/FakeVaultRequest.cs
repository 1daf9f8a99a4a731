using System.Text.Json.Nodes;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>A request that <see cref="FakeVault"/> received.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Behind <c>/v1/</c>.</param>
/// <param name="Token">Null where there was none.</param>
/// <param name="Namespace">Null where there was none.</param>
/// <param name="IsMarked">Whether it had <c>X-Vault-Request: true</c>.</param>
/// <param name="Body">Null where there was none.</param>
internal sealed record FakeVaultRequest(string Method, string Path, string? Token, string? Namespace, bool IsMarked, JsonObject? Body)
{
    public string? Text(string name) => Body?[name]?.ToString();
}
