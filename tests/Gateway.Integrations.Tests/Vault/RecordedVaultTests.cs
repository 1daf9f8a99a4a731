using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>The recorded answers of a real server, as the gateway takes them.</summary>
public sealed class RecordedVaultTests : IDisposable
{
    private const string LoginToken = "s.fv6Uu7ZjvJDfmAPLukMrWoSP";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-vault-");
    private readonly MemoryLedger _ledger = new();
    private readonly MemoryLog _log = new();
    private readonly TestSecrets _secrets = new();
    private readonly IReadOnlyList<RecordedExchange> _exchanges = RecordedExchange.ReadAll();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Login_Jwt_IssuesDatabaseCredentials()
    {
        await using var vault = await ReplayingVault.StartAsync(_exchanges);
        await using var connection = Connect(vault, Jwt("jwt login"));

        var issued = await Provider(connection, "database/creds/ro").IssueAsync(Request(), Stop);

        Assert.Equal("v-jwt-spif-ro-ODdPtKCxBAMgoemKOBBe-1795297421", issued.Fields["username"].Reveal());
        Assert.Equal("WA1-LlcHLgitjPSbELK2", issued.Fields["password"].Reveal());
        Assert.Equal("database/creds/ro/gIuNuj2zngAgptq4JjIOeU8J", issued.Renewal!.Reveal());
        Assert.Equal("database/creds/ro/gIuNuj2zngAgptq4JjIOeU8J", Assert.Single(_ledger.Debts).Revocation.Handle.Reveal());
        Assert.InRange(issued.ExpiresAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Equal(["jwt login", "creds with jwt token"], vault.Replayed);
    }

    [Theory]
    [InlineData("jwt login wrong aud")]
    [InlineData("jwt login wrong sub")]
    [InlineData("jwt login expired")]
    [InlineData("jwt login bad role")]
    public async Task Login_JwtRefused_SaysSoInOurWords(string name)
    {
        await using var vault = await ReplayingVault.StartAsync(_exchanges.Where(e => e.Name == name));
        await using var connection = Connect(vault, Jwt(name));

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await Provider(connection, "database/creds/ro").IssueAsync(Request(), Stop));

        Assert.Equal(
            $"credential 'crm': Vault {vault.Address.Authority} answered 400 to POST auth/jwt/login and does not let the gateway in; check role, audience and subject, and that its token is current.",
            failure.Message);
        Assert.Equal([name], vault.Replayed);
    }

    [Fact]
    public async Task Login_AppRole_WorksOnceWithASecretIdForOneUse()
    {
        await using var vault = await ReplayingVault.StartAsync(_exchanges);
        _secrets.Values["secret-id"] = "ceabe987-52e4-fc9b-3ddd-b99e98d0aa1f";
        var auth = new VaultAuthSettings { Method = VaultAuthMethod.AppRole, RoleId = "b8def957-9f62-f487-4995-0bb7c3413516", SecretId = new SecretReference("secret", "secret-id") };
        await using var connection = Connect(vault, auth);
        await using var another = Connect(vault, auth);

        var token = await connection.Session.GetTokenAsync(Stop);
        var failure = await Assert.ThrowsAsync<VaultException>(async () => await another.Session.GetTokenAsync(Stop));

        Assert.Equal("s.kWGJ19SI7lNMwCjXChKMZHdX", token.Value.Reveal());
        Assert.EndsWith("check role id and secret id.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["approle login", "approle login reused"], vault.Replayed);
    }

    [Fact]
    public async Task Read_VaultReference_GivesTheFieldUntilItsVersionIsDeleted()
    {
        await using var vault = await ReplayingVault.StartAsync(_exchanges);
        await using var connection = Connect(vault, Jwt("jwt login"));
        var reference = new SecretReference("vault", "secret/gw#api_key");

        var value = await VaultSecretReader.ReadAsync(connection.Session, reference, Stop);
        var failure = await Assert.ThrowsAsync<SecretUnavailableException>(async () => await VaultSecretReader.ReadAsync(connection.Session, reference, Stop));

        Assert.Equal("v1", value.Reveal());
        Assert.Equal("vault:secret/gw#api_key: its newest version is deleted; undelete it, or write another.", failure.Message);
        Assert.Equal(["jwt login", "kv get", "kv get deleted"], vault.Replayed);
    }

    [Fact]
    public async Task Read_PolicyForbids_LogsInAgainOnceAndSaysSo()
    {
        await using var vault = await ReplayingVault.StartAsync(_exchanges.Where(e => e.Name is "jwt login" or "permission denied"));
        await using var connection = Connect(vault, Jwt("jwt login"));

        var failure = await Assert.ThrowsAsync<SecretUnavailableException>(
            async () => await VaultSecretReader.ReadAsync(connection.Session, new SecretReference("vault", "secret/data/other#a"), Stop));

        Assert.Equal($"vault:secret/data/other#a: Vault {vault.Address.Authority} answered 403 to GET secret/data/other: the gateway's token may not do that; check its policies.", failure.Message);
        Assert.Equal(["jwt login", "permission denied", "jwt login", "permission denied"], vault.Replayed);
    }

    [Fact]
    public async Task Session_Stops_RevokesItsToken()
    {
        await using var vault = await ReplayingVault.StartAsync(_exchanges);
        var connection = Connect(vault, Jwt("jwt login"));
        await connection.Session.GetTokenAsync(Stop);

        await connection.DisposeAsync();

        Assert.Equal(["jwt login", "token revoke-self"], vault.Replayed);
        Assert.DoesNotContain(_log.Lines, l => l.Id == 3064);
    }

    [Fact]
    public async Task Token_Renewed_LivesAsLongAsTheServerSays()
    {
        await using var vault = await ReplayingVault.StartAsync(_exchanges);
        using var client = new VaultClient(Settings(vault, Jwt("jwt login")), TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        var login = await client.SendAsync(Call("jwt login"), null, Stop);
        var token = VaultToken.Read(login.Auth, isOurs: true, now)!;

        var renewed = await client.SendAsync(Call("token renew-self"), token.Value, Stop);
        token.Prolong(VaultAnswer.Seconds(renewed.Auth, "lease_duration"), now);

        Assert.Equal(LoginToken, token.Value.Reveal());
        Assert.True(token.IsLive(now.AddSeconds(119)));
        Assert.False(token.IsLive(now.AddSeconds(121)));
        Assert.False(token.IsFinal);
    }

    [Fact]
    public async Task Lease_OfTheRootToken_IsRenewedAndRevoked()
    {
        await using var vault = await ReplayingVault.StartAsync([.. _exchanges, RootItself]);
        await using var connection = Connect(vault, Root());
        var provider = Provider(connection, "database/creds/ro");
        var now = TimeProvider.System.GetUtcNow();

        var issued = await provider.IssueAsync(Request(TimeSpan.FromHours(1)), Stop);
        var renewed = await provider.RenewAsync(Request(TimeSpan.FromHours(1)), issued.Renewal!, Stop);
        var revoked = await provider.RevokeAsync(_ledger.Debts[0].Revocation, Stop);
        var again = await provider.RenewAsync(Request(), issued.Renewal!, Stop);

        Assert.InRange(renewed!.Value - now, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(130));
        Assert.Equal(RevocationOutcome.Confirmed, revoked);
        Assert.Null(again);
        Assert.Equal(["root", "db creds", "lease renew", "lease revoke sync", "lease renew after revoke"], vault.Replayed);
    }

    [Theory]
    [InlineData("database/creds/nope", "answered 400 to GET database/creds/nope: the request does not fit; check role and parameters.", "creds unknown role")]
    [InlineData("nomount/creds/x", "answered 404 to GET nomount/creds/x: there is nothing; check mount, role and namespace.", "unknown mount")]
    [InlineData("secret/data/missing", "answered 404 to GET secret/data/missing: there is nothing; check mount, role and namespace.", "kv get missing")]
    public async Task Issue_Refused_SaysSoInOurWords(string path, string problem, string exchange)
    {
        await using var vault = await ReplayingVault.StartAsync([.. _exchanges, RootItself]);
        await using var connection = Connect(vault, Root());

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await Provider(connection, path).IssueAsync(Request(), Stop));

        Assert.Equal($"credential 'crm': Vault {vault.Address.Authority} {problem}", failure.Message);
        Assert.Equal(["root", exchange], vault.Replayed);
    }

    [Fact]
    public async Task Issue_VaultSealed_SaysSoInOurWords()
    {
        await using var vault = await ReplayingVault.StartAsync([.. _exchanges.Where(e => e.Name is "creds when sealed" or "health sealed"), RootItself]);
        await using var connection = Connect(vault, Root());

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await Provider(connection, "database/creds/ro").IssueAsync(Request(), Stop));
        await connection.Client.ProbeAsync(Stop);

        Assert.Equal($"credential 'crm': Vault {vault.Address.Authority} answered 503 to GET database/creds/ro: it is sealed.", failure.Message);
        Assert.Equal($"Vault {vault.Address.Authority} answered 503: it is sealed.", connection.Problem);
        Assert.Equal(3, vault.Replayed.Count(n => n == "creds when sealed"));
    }

    [Fact]
    public async Task Issue_Certificate_HasItsOwnEnd()
    {
        await using var vault = await ReplayingVault.StartAsync([.. _exchanges, RootItself]);
        await using var connection = Connect(vault, Root());
        var provider = new VaultProvider(
            "crm", new VaultCredentialSettings { Path = "pki/issue/r", IsPost = true, Parameters = """{"common_name":"a.example.org"}"""u8.ToArray() }, connection, TimeProvider.System, _log);

        var issued = await provider.IssueAsync(Request(), Stop);

        var expiration = _exchanges.Single(e => e.Name == "pki issue").Answer!["data"]!["expiration"]!.GetValue<long>();
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(expiration), issued.ExpiresAt);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", issued.Fields["certificate"].Reveal(), StringComparison.Ordinal);
        Assert.Null(issued.Debt);
    }

    /// <summary>The stateful server that the other tests use behaves like the real one.</summary>
    [Fact]
    public async Task FakeVault_SameHistory_AnswersAsRecorded()
    {
        await using var vault = await FakeVault.StartAsync();
        vault.State.Secrets["secret/data/gw"] = new JsonObject { ["api_key"] = "v1" };
        vault.State.SecretIds["once"] = 1;
        using var client = new VaultClient(new VaultSettings { Addresses = [vault.Address], Auth = Root() }, TimeProvider.System);
        var root = new SecretValue(FakeVault.RootToken);
        var login = await Same("jwt login", Post("auth/jwt/login", ("role", "gw"), ("jwt", "the-gateways-jwt")), null);
        var token = VaultAnswer.Secret(login.Auth, "client_token")!;
        await Same("jwt login wrong aud", Post("auth/jwt/login", ("role", "gw"), ("jwt", "another")), null);
        await Same("token renew-self", Post("auth/token/renew-self", ("increment", "3600s")), token);
        var lease = (await Same("db creds", Get("database/creds/ro"), root)).LeaseId!;
        await Same("lease lookup", Post("sys/leases/lookup", ("lease_id", lease)), root);
        await Same("lease renew", Post("sys/leases/renew", ("lease_id", lease)), root);
        await Same("lease revoke sync", new VaultRequest(HttpMethod.Post, "sys/leases/revoke", VaultEffect.Probe, System.Text.Encoding.UTF8.GetBytes($$"""{"lease_id":"{{lease}}","sync":true}""")), root);
        await Same("lease renew after revoke", Post("sys/leases/renew", ("lease_id", lease)), root);
        await Same("lease revoke twice", Post("sys/leases/revoke", ("lease_id", lease)), root);
        await Same("creds unknown role", Get("database/creds/nope"), root);
        await Same("creds no token", Get("database/creds/ro"), null);
        await Same("creds bad token", Get("database/creds/ro"), new SecretValue("s.bad"));
        await Same("unknown mount", Get("nomount/creds/x"), root);
        await Same("kv get", Get("secret/data/gw"), token);
        vault.State.Secrets["secret/data/gw"] = null;
        await Same("kv get deleted", Get("secret/data/gw"), token);
        await Same("kv get missing", Get("secret/data/missing"), root);
        await Same("approle login", Post("auth/approle/login", ("role_id", "the-role-id"), ("secret_id", "once")), null);
        await Same("approle login reused", Post("auth/approle/login", ("role_id", "the-role-id"), ("secret_id", "once")), null);
        lease = (await Same("creds with jwt token", Get("database/creds/ro"), token)).LeaseId!;
        await Same("token revoke-self", Post("auth/token/revoke-self"), token);
        await Same("use revoked token", Get("database/creds/ro"), token);
        var looked = await Same("lease of revoked token", Post("sys/leases/lookup", ("lease_id", lease)), root);
        Assert.Equal(0, looked.Data.GetProperty("ttl").GetInt64());
        Assert.False(looked.Data.GetProperty("renewable").GetBoolean());
        await Same("health", Get("sys/health"), null);
        vault.IsSealed = true;
        Assert.True((await Same("creds when sealed", Get("database/creds/ro"), root)).Says("sealed"));
        await Same("health sealed", Get("sys/health"), null);

        async Task<VaultAnswer> Same(string name, VaultRequest request, SecretValue? with)
        {
            var recorded = _exchanges.Single(e => e.Name == name);
            var answer = await client.SendAsync(request, with, Stop);
            Assert.Equal($"{name}: {recorded.Status}", $"{name}: {answer.Status}");
            var answered = answer.Data.ValueKind == System.Text.Json.JsonValueKind.Object ? answer.Data.EnumerateObject().Select(m => $"{m.Name}:{m.Value.ValueKind}") : [];
            var expected = recorded.Answer?["data"] is JsonObject data ? data.Select(m => $"{m.Key}:{(m.Value is null ? "Null" : m.Value.GetValueKind())}") : [];
            if (!name.StartsWith("approle", StringComparison.Ordinal))
            {
                Assert.Equal($"{name}: {string.Join(' ', expected.Order(StringComparer.Ordinal))}", $"{name}: {string.Join(' ', answered.Order(StringComparer.Ordinal))}");
            }

            Assert.Equal(recorded.Answer?["lease_id"]?.ToString() is { Length: > 0 }, answer.LeaseId is not null);
            Assert.Equal(recorded.Answer?["renewable"]?.GetValue<bool>() ?? false, answer.IsRenewable);
            Assert.Equal(recorded.Answer?["auth"] is not null, VaultAnswer.Secret(answer.Auth, "client_token") is not null);
            return answer;
        }

        static VaultRequest Get(string path) => new(HttpMethod.Get, path, VaultEffect.Probe);

        static VaultRequest Post(string path, params ReadOnlySpan<(string Name, string Value)> body)
        {
            var json = new JsonObject();
            foreach (var (name, value) in body)
            {
                json[name] = value;
            }

            return VaultRequest.Post(path, VaultEffect.Probe, body.Length == 0 ? null : json);
        }
    }

    private static RecordedExchange RootItself => new(
        "root", "GET", "auth/token/lookup-self", "root", null, 200, new JsonObject { ["data"] = new JsonObject { ["accessor"] = "a", ["ttl"] = 0, ["renewable"] = false } });

    private VaultRequest Call(string name)
    {
        var exchange = _exchanges.Single(e => e.Name == name);
        return VaultRequest.Post(exchange.Path, VaultEffect.Probe, exchange.Body!.DeepClone().AsObject());
    }

    private VaultAuthSettings Jwt(string exchange)
    {
        var file = Path.Combine(_folder.FullName, "jwt");
        var body = _exchanges.Single(e => e.Name == exchange).Body!;
        File.WriteAllText(file, body["jwt"]!.ToString());
        return new VaultAuthSettings { Method = VaultAuthMethod.Jwt, Role = body["role"]!.ToString(), JwtFile = file };
    }

    private VaultAuthSettings Root()
    {
        _secrets.Values["root"] = "root";
        return new VaultAuthSettings { Method = VaultAuthMethod.Token, Token = new SecretReference("env", "root") };
    }

    private static VaultSettings Settings(ReplayingVault vault, VaultAuthSettings auth) => new() { Addresses = [vault.Address], Auth = auth };

    private VaultConnection Connect(ReplayingVault vault, VaultAuthSettings auth) => new(Settings(vault, auth), _secrets, TimeProvider.System, _log);

    private VaultProvider Provider(VaultConnection connection, string path) => new("crm", new VaultCredentialSettings { Path = path }, connection, TimeProvider.System, _log);

    private IssueRequest Request(TimeSpan? lifetime = null) => new(new LeaseKey("agent", "", "tool", "crm", ""), lifetime, _ledger);
}
