using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Tests.Oidc;
using Gateway.Integrations.Vault;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Vault;

public sealed class VaultSessionTests
{
    private static readonly VaultRequest Reading = new(HttpMethod.Get, "secret/data/gw", VaultEffect.Repeatable);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(VaultAuthMethod.Kubernetes), null, "auth/kubernetes/login", """{"jwt":"the-gateways-jwt","role":"gateway"}""")]
    [InlineData(nameof(VaultAuthMethod.Kubernetes), "kubernetes/east", "auth/kubernetes/east/login", """{"jwt":"the-gateways-jwt","role":"gateway"}""")]
    [InlineData(nameof(VaultAuthMethod.Jwt), null, "auth/jwt/login", """{"jwt":"the-gateways-jwt","role":"gateway"}""")]
    [InlineData(nameof(VaultAuthMethod.AppRole), null, "auth/approle/login", """{"role_id":"the-role-id","secret_id":"the-secret-id"}""")]
    [InlineData(nameof(VaultAuthMethod.Certificate), null, "auth/cert/login", """{"name":"gateway"}""")]
    public async Task GetTokenAsync_Method_LogsInAsTheMethodWants(string method, string? mount, string path, string body)
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Secrets.Values["secret-id"] = "the-secret-id";
        await scene.ReconnectAsync(s => s with
        {
            Auth = s.Auth with { Method = Enum.Parse<VaultAuthMethod>(method), Mount = mount, RoleId = "the-role-id", SecretId = new SecretReference("secret", "secret-id") },
        });

        var token = await scene.Connection.Session.GetTokenAsync(Stop);

        var login = Assert.Single(scene.Vault.Requests);
        Assert.Equal((path, body, null), (login.Path, login.Body!.ToJsonString(), login.Token));
        Assert.Equal(Assert.Single(scene.Vault.State.Tokens).Value, token.Value.Reveal());
    }

    [Fact]
    public async Task GetTokenAsync_TokenOfSomebodyElse_IsLookedUpAndNotRevoked()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Secrets.Values["VAULT_TOKEN"] = FakeVault.RootToken;
        var connection = await scene.ReconnectAsync(s => s with { Auth = new VaultAuthSettings { Method = VaultAuthMethod.Token, Token = new SecretReference("env", "VAULT_TOKEN") } });

        var token = await connection.Session.GetTokenAsync(Stop);
        await connection.DisposeAsync();

        Assert.Null(token.RenewAt);
        Assert.Equal(["auth/token/lookup-self"], scene.Vault.Requests.Select(r => r.Path));
    }

    [Fact]
    public async Task GetTokenAsync_ManyAtOnce_LogInOnce()
    {
        await using var scene = await VaultScene.StartAsync();

        var tokens = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () => await scene.Connection.Session.GetTokenAsync(Stop), Stop)));

        Assert.Single(tokens.Distinct());
        Assert.Single(scene.Vault.Requests);
    }

    [Fact]
    public async Task GetTokenAsync_LoginFails_TheNextOneTriesAgain()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.Jwts.Clear();
        var failure = await Assert.ThrowsAsync<VaultException>(async () => await scene.Connection.Session.GetTokenAsync(Stop));
        Assert.Equal(failure.Message, scene.Connection.Problem);
        File.WriteAllText(scene.JwtFile, "replaced");
        scene.Vault.State.Jwts.Add("replaced");

        await scene.Connection.Session.GetTokenAsync(Stop);

        Assert.Null(scene.Connection.Problem);
        Assert.Equal("replaced", scene.Vault.Requests.Last().Text("jwt"));
    }

    [Fact]
    public async Task GetTokenAsync_FileMissing_SaysSo()
    {
        await using var scene = await VaultScene.StartAsync();
        File.Delete(scene.JwtFile);

        var failure = await Assert.ThrowsAsync<VaultException>(async () => await scene.Connection.Session.GetTokenAsync(Stop));

        Assert.Equal($"Vault: cannot log in: file:{scene.JwtFile}: there is no such file.", failure.Message);
    }

    [Fact]
    public async Task SendAsync_Forbidden_LogsInAgainOnceAndRepeatsOnce()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.Denied.Add("secret/data/gw");

        var answer = await scene.Connection.Session.SendAsync(Reading, Stop);

        Assert.Equal(403, answer.Status);
        Assert.Equal((2, 2), (scene.Vault.Count("auth/kubernetes/login"), scene.Vault.Count("secret/data/gw")));
    }

    [Fact]
    public async Task SendAsync_ForbiddenAgainAndAgain_LogsInOnceAnHour()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.State.TokenLife = TimeSpan.FromHours(10);
        scene.Vault.State.Denied.Add("secret/data/gw");

        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(403, (await scene.Connection.Session.SendAsync(Reading, Stop)).Status);
            clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal(3, scene.Vault.Count("auth/kubernetes/login"));
    }

    [Fact]
    public async Task SendAsync_TokenRevokedSoonAfterAnother_LogsInAgain()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.Secrets["secret/data/gw"] = [];
        for (var i = 0; i < 3; i++)
        {
            var token = await scene.Connection.Session.GetTokenAsync(Stop);
            scene.Vault.State.Revoke(scene.Vault.State.Tokens.Single(t => t.Value == token.Value.Reveal()));

            Assert.Equal(200, (await scene.Connection.Session.SendAsync(Reading, Stop)).Status);
        }
    }

    [Fact]
    public async Task Start_FormerTokenWithATasksTokenOnIt_IsRenewedAsLongAsTheTask()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        await StartedAsync(scene, clock);
        await scene.Provider().IssueAsync(scene.Request(taskLife: TimeSpan.FromHours(3)), Stop);
        var tasks = scene.Vault.State.Tokens.Single(t => t.Parent is not null);
        scene.Vault.State.Denied.Add("secret/data/gw");
        await scene.Connection.Session.SendAsync(Reading, Stop);
        Assert.Equal(2, scene.Vault.Count("auth/kubernetes/login"));

        await AdvanceAsync(clock, TimeSpan.FromMinutes(170), () => scene.Vault.Requests.Count);

        Assert.True(scene.Vault.State.IsLive(tasks));
        await AdvanceAsync(clock, TimeSpan.FromMinutes(80), () => scene.Vault.Requests.Count);
        Assert.False(scene.Vault.State.IsLive(tasks.Parent!));
    }

    [Fact]
    public async Task SendAsync_LoginRefusedAfterForbidden_KeepsTheTokenForTheRest()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.Denied.Add("secret/data/gw");
        await scene.Connection.Session.GetTokenAsync(Stop);
        scene.Vault.State.Jwts.Clear();

        await Assert.ThrowsAsync<VaultException>(async () => await scene.Connection.Session.SendAsync(Reading, Stop));

        Assert.True((await scene.Connection.Session.SendAsync(new VaultRequest(HttpMethod.Get, "database/creds/ro", VaultEffect.Issues), Stop)).Succeeded);
    }

    [Fact]
    public async Task Start_TwoThirdsOfTheLife_RenewsAheadOfTheEnd()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        await StartedAsync(scene, clock);

        // Renewals are due after 34 to 46 minutes of each hour: in five hours the first token never ends.
        await AdvanceAsync(clock, TimeSpan.FromHours(5), () => scene.Vault.Requests.Count);

        Assert.Equal(1, scene.Vault.Count("auth/kubernetes/login"));
        Assert.InRange(scene.Vault.Count("auth/token/renew-self"), 6, 9);
        Assert.All(scene.Vault.Requests.Where(r => r.Path == "auth/token/renew-self"), r => Assert.Equal("3600s", r.Text("increment")));
    }

    [Fact]
    public async Task Start_RenewalWithoutATime_IsNoneForEver()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        await StartedAsync(scene, clock);
        scene.Vault.Refuse = r => r.Path == "auth/token/renew-self" ? FakeVaultAnswer.Ok(auth: new JsonObject { ["client_token"] = "x", ["lease_duration"] = 0, ["renewable"] = true }) : null;

        await AdvanceAsync(clock, TimeSpan.FromMinutes(70), () => scene.Vault.Requests.Count);

        Assert.Equal(2, scene.Vault.Count("auth/kubernetes/login"));
        Assert.Contains(scene.Log.Lines, l => l.Id == 3062);
    }

    [Fact]
    public async Task Start_TokenNearItsGreatestAge_LogsInAnew()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.State.TokenMaxLife = TimeSpan.FromMinutes(75);
        await StartedAsync(scene, clock);

        await AdvanceAsync(clock, TimeSpan.FromHours(3), () => scene.Vault.Requests.Count);

        Assert.InRange(scene.Vault.Count("auth/kubernetes/login"), 2, 6);
        Assert.Contains(scene.Vault.State.Tokens, t => scene.Vault.State.IsLive(t));
    }

    [Fact]
    public async Task Start_TokenNotRenewable_LogsInAnew()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.State.TokensAreRenewable = false;
        await StartedAsync(scene, clock);

        await AdvanceAsync(clock, TimeSpan.FromMinutes(50), () => scene.Vault.Requests.Count);

        Assert.Equal(2, scene.Vault.Count("auth/kubernetes/login"));
        Assert.Equal(0, scene.Vault.Count("auth/token/renew-self"));

        // Tasks' tokens hang on the first one, which is revoked with the second.
        await scene.Connection.DisposeAsync();
        Assert.All(scene.Vault.State.Tokens, t => Assert.True(t.IsRevoked));
    }

    [Fact]
    public async Task Start_VaultDown_TriesUntilItIsBack()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.Refuse = _ => FakeVaultAnswer.Error(501);
        scene.Connection.Session.Start();
        await Eventually.HoldsAsync(() => scene.Connection.Session.Problem is not null, "the login failed");
        scene.Vault.Refuse = null;

        await AdvanceAsync(clock, TimeSpan.FromMinutes(2), () => scene.Vault.Requests.Count);

        Assert.Null(scene.Connection.Problem);
        Assert.Single(scene.Log.Lines, l => l.Id == 3062);
        Assert.Single(scene.Log.Lines, l => l.Id == 3063);
    }

    [Fact]
    public async Task Start_VaultWasSealed_LooksWhetherItServesAgain()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        await StartedAsync(scene, clock);
        scene.Vault.IsSealed = true;
        await scene.Connection.Client.ProbeAsync(Stop);
        Assert.EndsWith("it is sealed.", scene.Connection.Problem, StringComparison.Ordinal);
        scene.Vault.IsSealed = false;

        await AdvanceAsync(clock, TimeSpan.FromMinutes(1), () => scene.Vault.Requests.Count);

        Assert.Null(scene.Connection.Problem);
    }

    [Fact]
    public async Task DisposeAsync_Always_RevokesTheTokenAndWhatHangsOnIt()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.EndsLeasesLater = false;
        await scene.Provider().IssueAsync(scene.Request(), Stop);
        await scene.Provider().IssueAsync(scene.Request(task: ""), Stop);
        Assert.Equal(2, scene.Vault.State.LiveLeases.Count);

        await scene.Connection.DisposeAsync();

        Assert.Equal(1, scene.Vault.Count("auth/token/revoke-self"));
        Assert.Empty(scene.Vault.State.LiveLeases);
        await Assert.ThrowsAsync<VaultException>(async () => await scene.Connection.Session.GetTokenAsync(Stop));
    }

    [Fact]
    public async Task DisposeAsync_VaultDown_SaysSoAndEnds()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Connection.Session.GetTokenAsync(Stop);
        scene.Vault.Refuse = _ => FakeVaultAnswer.Error(501);

        await scene.Connection.DisposeAsync();

        Assert.Contains(scene.Log.Lines, l => l.Id == 3064);
    }

    [Fact]
    public async Task Login_WrappedSecretId_IsUnwrappedOnceAndRemembered()
    {
        await using var scene = await WrappedAsync(scene => scene.Vault.State.Wrap("the-secret-id"));

        var token = await scene.Connection.Session.GetTokenAsync(Stop);
        scene.Vault.State.Revoke(scene.Vault.State.Tokens.Single(t => t.Value == token.Value.Reveal()));
        await scene.Connection.Session.SendAsync(Reading, Stop);

        Assert.Equal((1, 1, 2), (scene.Vault.Count("sys/wrapping/lookup"), scene.Vault.Count("sys/wrapping/unwrap"), scene.Vault.Count("auth/approle/login")));
        var unwrap = Assert.Single(scene.Vault.Requests, r => r.Path == "sys/wrapping/unwrap");
        Assert.NotNull(unwrap.Token);
        Assert.Null(unwrap.Body); // with the token in one place, never in both
    }

    [Theory]
    [InlineData("unwrapped by somebody else")]
    [InlineData("wrapped by somebody else")]
    [InlineData("of another mount")]
    public async Task Login_WrappedSecretIdIsNotWhatItShouldBe_IsASecurityIncident(string what)
    {
        await using var scene = await WrappedAsync(scene => what switch
        {
            "unwrapped by somebody else" => "s.opened-already",
            "wrapped by somebody else" => scene.Vault.State.Wrap("canary", "sys/wrapping/wrap"),
            _ => scene.Vault.State.Wrap("canary", "auth/other/role/gateway/secret-id"),
        });

        await Assert.ThrowsAsync<VaultException>(async () => await scene.Connection.Session.GetTokenAsync(Stop));

        var line = Assert.Single(scene.Log.Lines, l => l.Id == 3065);
        Assert.Equal(LogLevel.Critical, line.Level);
        Assert.Equal(0, scene.Vault.Count("sys/wrapping/unwrap") + scene.Vault.Count("auth/approle/login"));
    }

    [Fact]
    public async Task Login_VaultSealedWhileUnwrapping_IsNoSecurityIncident()
    {
        await using var scene = await WrappedAsync(scene => scene.Vault.State.Wrap("the-secret-id"));
        scene.Vault.IsSealed = true;

        await Assert.ThrowsAsync<VaultException>(async () => await scene.Connection.Session.GetTokenAsync(Stop));

        Assert.DoesNotContain(scene.Log.Lines, l => l.Id == 3065);
    }

    private static async Task<VaultScene> WrappedAsync(Func<VaultScene, string> wrap)
    {
        var scene = await VaultScene.StartAsync();
        scene.Secrets.Values["wrapped"] = wrap(scene);
        await scene.ReconnectAsync(s => s with
        {
            Auth = new VaultAuthSettings { Method = VaultAuthMethod.AppRole, RoleId = "the-role-id", SecretId = new SecretReference("secret", "wrapped"), SecretIdWrapped = true },
        });
        return scene;
    }

    private static async Task StartedAsync(VaultScene scene, TestClock clock)
    {
        scene.Connection.Session.Start();
        await Eventually.HoldsAsync(() => scene.Vault.State.Tokens.Count == 1 && clock.Timers == 1, "the gateway had logged in and slept");
    }

    /// <summary>Lets time pass in steps, and waits in each until the watch over the token sleeps again.</summary>
    private static async Task AdvanceAsync(TestClock clock, TimeSpan time, Func<int> requests)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(10))
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            await Eventually.HoldsAsync(() => clock.Timers == 1, $"the watch slept again after {requests()} requests");
        }
    }
}
