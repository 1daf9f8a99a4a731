using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>The life of a task's credentials, at the server of the other tests and at a real one where VAULT_ADDR and VAULT_TOKEN name it.</summary>
public sealed class DevServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Servers => ["fake", "real"];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Task_IssuesAndEnds_LeavesNothingAlive(string server)
    {
        await using var scene = await VaultScene.StartAsync();
        await using var site = await SiteAsync(server, scene);
        var ledger = scene.Ledger;
        var provider = new VaultProvider("crm", site.Credential, site.Connection, scene.Clock, scene.Log);

        await provider.IssueAsync(scene.Request(), Stop);
        await provider.IssueAsync(scene.Request(), Stop);
        var alone = await provider.IssueAsync(scene.Request(task: ""), Stop);
        Assert.All(ledger.Of(VaultRevoker.Lease), l => Assert.NotEmpty(l.Handle.Reveal()));
        Assert.Single(ledger.Of(VaultRevoker.TokenAccessor));
        Assert.Equal("live live live", await LiveAsync(site, ledger));

        // As the ledger does: the token, then what hung on it.
        Assert.Equal(RevocationOutcome.Confirmed, await provider.RevokeAsync(ledger.Of(VaultRevoker.TokenAccessor).Single(), Stop));
        foreach (var (_, lease, _) in ledger.Debts.Where(d => d.CoveredBy is not null))
        {
            Assert.Equal(RevocationOutcome.Confirmed, await provider.RevokeAsync(lease, Stop));
        }

        Assert.Equal("gone gone live", await LiveAsync(site, ledger));
        Assert.Equal(RevocationOutcome.Confirmed, await provider.RevokeAsync(ledger.Debts.Single(d => d.Id == alone.Debt).Revocation, Stop));
        Assert.Equal("gone gone gone", await LiveAsync(site, ledger));

        // Once more, all of it: what is gone already is confirmed.
        foreach (var (_, debt, _) in ledger.Debts)
        {
            Assert.Equal(RevocationOutcome.Confirmed, await provider.RevokeAsync(debt, Stop));
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Task_TokenRevokedBehindItsBack_GoesOnWithAnother(string server)
    {
        await using var scene = await VaultScene.StartAsync();
        await using var site = await SiteAsync(server, scene);
        var provider = new VaultProvider("crm", site.Credential, site.Connection, scene.Clock, scene.Log);
        await provider.IssueAsync(scene.Request(), Stop);
        var accessor = scene.Ledger.Of(VaultRevoker.TokenAccessor).Single().Handle.Reveal();
        await site.AdminAsync("auth/token/revoke-accessor", new JsonObject { ["accessor"] = accessor });

        await provider.IssueAsync(scene.Request(), Stop);

        Assert.Equal(2, scene.Ledger.Of(VaultRevoker.TokenAccessor).Count());
        foreach (var debt in scene.Ledger.Of(VaultRevoker.TokenAccessor))
        {
            Assert.Equal(RevocationOutcome.Confirmed, await provider.RevokeAsync(debt, Stop));
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Reference_ToKeyValue_IsRead(string server)
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.Secrets["secret/data/gateway-test"] = new JsonObject { ["api_key"] = "v1" };
        await using var site = await SiteAsync(server, scene);

        var value = await VaultSecretReader.ReadAsync(site.Connection.Session, new SecretReference("vault", "secret/gateway-test#api_key"), Stop);

        Assert.Equal("v1", value.Reveal());
        await Assert.ThrowsAsync<SecretUnavailableException>(async () => await VaultSecretReader.ReadAsync(site.Connection.Session, new SecretReference("vault", "secret/gateway-test#other"), Stop));
        await Assert.ThrowsAsync<SecretUnavailableException>(async () => await VaultSecretReader.ReadAsync(site.Connection.Session, new SecretReference("vault", "secret/gateway-none#a"), Stop));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task TransitKey_RotatedAndItsFirstVersionRetired_GoesOnSigning(string server)
    {
        await using var scene = await VaultScene.StartAsync();
        await using var site = await SiteAsync(server, scene);
        var mount = $"gateway-{Guid.NewGuid():N}";
        await site.DemandAsync($"sys/mounts/{mount}", new JsonObject { ["type"] = "transit" });
        await site.DemandAsync($"{mount}/keys/audit", new JsonObject { ["type"] = "ecdsa-p256" });
        using var signer = new TransitSigner(new TransitKey(mount, "audit"), () => site.Connection.Session);

        // What it gives out it has verified.
        await signer.SignCompactAsync("test+jwt", new byte[] { 1, 2, 3 }, Stop);
        await site.DemandAsync($"{mount}/keys/audit/rotate", []);
        await signer.SignCompactAsync("test+jwt", new byte[] { 1, 2, 3 }, Stop);
        Assert.Single(signer.PublicKeys);
        await site.DemandAsync($"{mount}/keys/audit/config", new JsonObject { ["min_encryption_version"] = 2 });
        await signer.SignCompactAsync("test+jwt", new byte[] { 1, 2, 3 }, Stop);

        Assert.Equal(2, signer.PublicKeys.Distinct().Count());
    }

    private static async Task<string> LiveAsync(Site site, MemoryLedger ledger)
    {
        var live = new List<string>();
        foreach (var lease in ledger.Of(VaultRevoker.Lease))
        {
            live.Add((await site.AdminAsync("sys/leases/lookup", new JsonObject { ["lease_id"] = lease.Handle.Reveal() })).Succeeded ? "live" : "gone");
        }

        return string.Join(' ', live);
    }

    private static async Task<Site> SiteAsync(string server, VaultScene scene)
    {
        if (server == "fake")
        {
            return new Site(scene.Settings, FakeVault.RootToken, new VaultCredentialSettings { Path = "database/creds/ro" }, scene);
        }

        var (address, token) = (Environment.GetEnvironmentVariable("VAULT_ADDR"), Environment.GetEnvironmentVariable("VAULT_TOKEN"));
        Assert.SkipWhen(string.IsNullOrEmpty(address) || string.IsNullOrEmpty(token), "VAULT_ADDR and VAULT_TOKEN name no dev server.");

        // Certificates, since they need no other system to have leases.
        var mount = $"gateway-{Guid.NewGuid():N}";
        var settings = new VaultSettings { Addresses = [new Uri(address!)], Auth = new VaultAuthSettings { Method = VaultAuthMethod.Token, Token = new SecretReference("secret", "dev-token") } };
        scene.Secrets.Values["dev-token"] = token!;
        var site = new Site(
            settings,
            token!,
            new VaultCredentialSettings { Path = $"{mount}/issue/agent", IsPost = true, Parameters = """{"common_name":"a.example.org"}"""u8.ToArray() },
            scene);
        await site.DemandAsync($"sys/mounts/{mount}", new JsonObject { ["type"] = "pki" });
        await site.DemandAsync($"{mount}/root/generate/internal", new JsonObject { ["common_name"] = "ca", ["ttl"] = "1h" });
        await site.DemandAsync($"{mount}/roles/agent", new JsonObject { ["allowed_domains"] = "example.org", ["allow_subdomains"] = true, ["max_ttl"] = "10m", ["generate_lease"] = true });
        await site.DemandAsync("secret/data/gateway-test", new JsonObject { ["data"] = new JsonObject { ["api_key"] = "v1" } });
        return site;
    }

    /// <summary>A server, the gateway's connection to it, and its administrator.</summary>
    private sealed class Site(VaultSettings settings, string token, VaultCredentialSettings credential, VaultScene scene) : IAsyncDisposable
    {
        public VaultCredentialSettings Credential { get; } = credential;

        public VaultConnection Connection { get; } = new(settings, scene.Secrets, scene.Clock, scene.Log);

        public Task<VaultAnswer> AdminAsync(string path, JsonObject body) =>
            Connection.Client.SendAsync(VaultRequest.Post(path, VaultEffect.Repeatable, body), new SecretValue(token), Stop);

        public async Task DemandAsync(string path, JsonObject body) => Assert.True((await AdminAsync(path, body)).Succeeded, $"{path} was refused");

        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
