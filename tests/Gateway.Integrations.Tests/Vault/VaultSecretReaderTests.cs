using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;
using Gateway.Integrations.Vault;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Vault;

public sealed class VaultSecretReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("secret/crm#api_key", "canary-value")]
    [InlineData("secret/data/crm#api_key", "canary-value")]
    [InlineData("team/kv/data/crm#api_key", "canary-nested")]
    [InlineData("secret/crm#port", "5432")]
    public async Task ReadAsync_Field_IsItsValue(string name, string value)
    {
        await using var scene = await SceneAsync();

        Assert.Equal(value, (await ReadAsync(scene, name)).Reveal());
    }

    [Theory]
    [InlineData("secret/crm#other", "the secret has no such field.")]
    [InlineData("secret/crm#empty", "the field is no text, or it is empty.")]
    [InlineData("secret/crm#object", "the field is no text, or it is empty.")]
    [InlineData("secret/gone#api_key", "its newest version is deleted; undelete it, or write another.")]
    [InlineData("secret/none#api_key", "answered 404 to GET secret/data/none: there is nothing; check mount, role and namespace.")]
    [InlineData("secret/forbidden#api_key", "answered 403 to GET secret/data/forbidden: the gateway's token may not do that; check its policies.")]
    [InlineData("old/data/crm#api_key", "that is no secret of a KV version 2 engine.")]
    public async Task ReadAsync_NoSuchValue_SaysWhatIsWrong(string name, string problem)
    {
        await using var scene = await SceneAsync();

        var failure = await Assert.ThrowsAsync<SecretUnavailableException>(async () => await ReadAsync(scene, name));

        Assert.StartsWith($"vault:{name}: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(problem, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Sealed_SaysSo()
    {
        await using var scene = await SceneAsync();
        await scene.Connection.Session.GetTokenAsync(Stop);
        scene.Vault.IsSealed = true;

        var failure = await Assert.ThrowsAsync<SecretUnavailableException>(async () => await ReadAsync(scene, "secret/crm#api_key"));

        Assert.EndsWith("answered 503 to GET secret/data/crm: it is sealed.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_ThroughTheCatalog_FollowsTheConfiguration()
    {
        await using var scene = await SceneAsync();
        var folder = Directory.CreateTempSubdirectory("gateway-vault-");
        try
        {
            var store = new EncryptedSecretStore(folder.FullName, TimeProvider.System);
            await using var catalog = new VaultCatalog(store, TimeProvider.System, NullLoggerFactory.Instance);
            var sources = SecretSources.Create(store, catalog);
            var reference = new SecretReference("vault", "secret/crm#api_key");
            var failure = await Assert.ThrowsAsync<SecretUnavailableException>(async () => await sources.ReadAsync(reference, Stop));
            Assert.Equal("vault:secret/crm#api_key: no Vault is configured; write Gateway:Vault.", failure.Message);

            catalog.Apply(scene.Settings, "one");
            var connection = catalog.Current;
            Assert.Equal("canary-value", (await sources.ReadAsync(reference, Stop)).Reveal());
            catalog.Apply(scene.Settings with { }, "one");
            Assert.Same(connection, catalog.Current);
            Assert.Equal(1, scene.Vault.Count("auth/kubernetes/login"));

            // Another configuration ends the token of the former one, and with it what was issued.
            catalog.Apply(scene.Settings, "two");
            Assert.NotSame(connection, catalog.Current);
            await Oidc.Eventually.HoldsAsync(() => scene.Vault.Count("auth/token/revoke-self") == 1, "the former token was revoked");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<VaultScene> SceneAsync()
    {
        var scene = await VaultScene.StartAsync();
        var secrets = scene.Vault.State.Secrets;
        secrets["secret/data/crm"] = new JsonObject { ["api_key"] = "canary-value", ["port"] = 5432, ["empty"] = "", ["object"] = new JsonObject() };
        secrets["team/kv/data/crm"] = new JsonObject { ["api_key"] = "canary-nested" };
        secrets["secret/data/gone"] = null;
        secrets["secret/data/forbidden"] = new JsonObject { ["api_key"] = "canary" };
        scene.Vault.State.Denied.Add("secret/data/forbidden");
        scene.Engine("old/data/crm", new JsonObject { ["api_key"] = "canary" }, hasLease: false);
        return scene;
    }

    private static async Task<SecretValue> ReadAsync(VaultScene scene, string name) =>
        await VaultSecretReader.ReadAsync(scene.Connection.Session, new SecretReference("vault", name), Stop);
}
