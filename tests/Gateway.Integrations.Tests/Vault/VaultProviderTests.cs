using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Gateway.Core.Tests.Identity;

namespace Gateway.Integrations.Tests.Vault;

public sealed class VaultProviderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IssueAsync_AwsUser_IsRevocable()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Engine("aws/creds/deploy", new JsonObject { ["access_key"] = "AKIA", ["secret_key"] = "secret", ["security_token"] = null });

        var issued = await scene.Provider("aws/creds/deploy").IssueAsync(scene.Request(), Stop);

        Assert.Equal(["access_key", "secret_key"], issued.Fields.Keys.Order());
        Assert.NotNull(issued.Debt);
    }

    [Theory]
    [InlineData("security_token")]
    [InlineData("session_token")]
    public async Task IssueAsync_AwsSts_HasTheTokenUnderBothNamesAndCannotBeRevoked(string name)
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.State.LeasesAreRenewable = false;
        scene.Engine("aws/sts/deploy", new JsonObject { ["access_key"] = "ASIA", ["secret_key"] = "secret", [name] = "the-session-token", ["arn"] = "arn:aws:sts" });

        var issued = await scene.Provider("aws/sts/deploy").IssueAsync(scene.Request(), Stop);

        Assert.Equal("the-session-token", issued.Fields["security_token"].Reveal());
        Assert.Equal("the-session-token", issued.Fields["session_token"].Reveal());
        Assert.Null(issued.Debt);
        Assert.Null(issued.Renewal);
        Assert.Equal(TestClock.Start.AddMinutes(1), issued.ExpiresAt);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task IssueAsync_RevocableConfigured_DecidesWhetherItIsOwed(bool revocable, bool owed)
    {
        await using var scene = await VaultScene.StartAsync();

        var issued = await scene.Provider(change: s => s with { Revocable = revocable }).IssueAsync(scene.Request(task: ""), Stop);

        Assert.Equal(owed, issued.Debt is not null);
    }

    [Fact]
    public async Task IssueAsync_GoogleToken_HasNoLeaseAndAnEnd()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        var end = TestClock.Start.AddMinutes(10);
        scene.Engine("gcp/roleset/agent/token", new JsonObject { ["token"] = "ya29.token", ["expires_at_seconds"] = end.ToUnixTimeSeconds(), ["token_ttl"] = 600 }, hasLease: false);

        var issued = await scene.Provider("gcp/roleset/agent/token").IssueAsync(scene.Request(), Stop);

        Assert.Equal("ya29.token", issued.Fields["token"].Reveal());
        Assert.Equal("600", issued.Fields["token_ttl"].Reveal());
        Assert.Equal((end, null, null), (issued.ExpiresAt, issued.Debt, issued.Renewal));
    }

    [Fact]
    public async Task IssueAsync_OnlyALifeIsGiven_CountsFromTheRequest()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Engine("gcp/roleset/agent/token", new JsonObject { ["token"] = "ya29.token", ["token_ttl"] = 60 }, hasLease: false);

        Assert.Equal(TestClock.Start.AddMinutes(1), (await scene.Provider("gcp/roleset/agent/token").IssueAsync(scene.Request(), Stop)).ExpiresAt);
    }

    [Fact]
    public async Task IssueAsync_Kubernetes_SendsParametersAsTheyAreWritten()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Engine("kubernetes/creds/reader", new JsonObject { ["service_account_token"] = "eyJ", ["service_account_name"] = "v-1", ["service_account_namespace"] = "agents" });
        const string Parameters = """{"kubernetes_namespace":"agents","ttl":600,"cluster_role_binding":false,"audiences":["a","b"]}""";

        var issued = await scene.Provider("kubernetes/creds/reader", s => s with { IsPost = true, Parameters = JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(Parameters)) })
            .IssueAsync(scene.Request(), Stop);

        Assert.Equal("eyJ", issued.Fields["service_account_token"].Reveal());
        var request = Assert.Single(scene.Vault.Requests, r => r.Path == "kubernetes/creds/reader");
        Assert.Equal(("POST", Parameters), (request.Method, request.Body!.ToJsonString()));
    }

    [Fact]
    public async Task IssueAsync_PostWithoutParameters_HasNoBody()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Engine("github/token", new JsonObject { ["token"] = "ghs_x" });

        await scene.Provider("github/token", s => s with { IsPost = true }).IssueAsync(scene.Request(), Stop);

        Assert.Equal(("POST", null), (scene.Vault.Requests.Last().Method, scene.Vault.Requests.Last().Body));
    }

    [Fact]
    public async Task IssueAsync_FieldsOfEveryKind_HaveNames()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Engine("any/creds/x", JsonNode.Parse("""{"text":"a","number":1.50,"flag":true,"nothing":null,"list":["b"],"object":{"inner":"c","deeper":{"d":7}}}""")!.AsObject());

        var issued = await scene.Provider("any/creds/x").IssueAsync(scene.Request(), Stop);

        Assert.Equal(
            ["flag=true", "number=1.50", "object.deeper.d=7", "object.inner=c", "text=a"],
            issued.Fields.Select(f => $"{f.Key}={f.Value.Reveal()}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"keys":["a"]}""")]
    public async Task IssueAsync_NothingToInject_IsRefused(string data)
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Engine("any/creds/x", JsonNode.Parse(data)!.AsObject());

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider("any/creds/x").IssueAsync(scene.Request(), Stop));

        Assert.EndsWith("answered 200 to GET any/creds/x without a field that could be injected.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IssueAsync_KeyValue_IsReadAnewForEachLeaseAndReported()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.Secrets["secret/data/crm"] = new JsonObject { ["api_key"] = "first" };
        var provider = scene.Provider("secret/data/crm");

        var first = await provider.IssueAsync(scene.Request(task: ""), Stop);
        scene.Vault.State.Secrets["secret/data/crm"] = new JsonObject { ["api_key"] = "second" };
        var second = await provider.IssueAsync(scene.Request(task: ""), Stop);

        Assert.Equal(("first", "second"), (first.Fields["api_key"].Reveal(), second.Fields["api_key"].Reveal()));
        Assert.Equal((null, null, null), (first.ExpiresAt, first.Debt, first.Renewal));
        Assert.Single(scene.Log.Lines, l => l.Id == 3069);
    }

    [Fact]
    public async Task IssueAsync_KeyValuePastItsEnd_IsRefused()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.State.Secrets["secret/data/crm"] = new JsonObject { ["api_key"] = "value" };
        var provider = scene.Provider("secret/data/crm", s => s with { Owner = "crm team", NotAfter = TestClock.Start.AddMinutes(2) });

        Assert.Equal(TestClock.Start.AddMinutes(2), (await provider.IssueAsync(scene.Request(task: ""), Stop)).ExpiresAt);
        clock.Advance(TimeSpan.FromMinutes(2));
        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await provider.IssueAsync(scene.Request(task: ""), Stop));

        Assert.Equal("credential 'crm': its NotAfter, 2026-03-01 12:02Z, has passed; crm team must replace it, or prolong it in configuration.", failure.Message);
        Assert.DoesNotContain(scene.Log.Lines, l => l.Id == 3069);
    }

    [Fact]
    public async Task RenewAsync_RenewableLease_IsProlongedByTheServersMeasure()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        var request = scene.Request(lifetime: TimeSpan.FromSeconds(90));
        var issued = await scene.Provider().IssueAsync(request, Stop);
        clock.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(TestClock.Start.AddSeconds(120), await scene.Provider().RenewAsync(request, issued.Renewal!, Stop));

        var renew = Assert.Single(scene.Vault.Requests, r => r.Path == "sys/leases/renew");
        Assert.Equal("90", renew.Text("increment"));
        Assert.Null(scene.Vault.State.Tokens.Single(t => t.Value == renew.Token).Parent);
    }

    [Fact]
    public async Task RenewAsync_LeaseRevokedBehindItsBack_NeedsAnother()
    {
        await using var scene = await VaultScene.StartAsync();
        var issued = await scene.Provider().IssueAsync(scene.Request(), Stop);
        scene.Vault.State.Revoke(scene.Vault.State.Leases.Single().Token);

        Assert.Null(await scene.Provider().RenewAsync(scene.Request(), issued.Renewal!, Stop));
    }

    [Fact]
    public async Task RenewAsync_VaultSealed_IsAFailure()
    {
        await using var scene = await VaultScene.StartAsync();
        var issued = await scene.Provider().IssueAsync(scene.Request(), Stop);
        scene.Vault.IsSealed = true;

        await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().RenewAsync(scene.Request(), issued.Renewal!, Stop));
    }

    [Fact]
    public async Task IssueAsync_RenewableLease_IsOwedAsLongAsItsToken()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);

        var ofTask = await scene.Provider().IssueAsync(scene.Request(taskLife: TimeSpan.FromMinutes(10)), Stop);
        var ofNone = await scene.Provider().IssueAsync(scene.Request(task: ""), Stop);

        Assert.Equal(TestClock.Start.AddMinutes(10), scene.Ledger.Debts.Single(d => d.Id == ofTask.Debt).Revocation.ExpiresAt);
        Assert.Null(scene.Ledger.Debts.Single(d => d.Id == ofNone.Debt).Revocation.ExpiresAt);
    }

    [Theory]
    [InlineData(202, "", nameof(RevocationOutcome.Owed))]
    [InlineData(403, "permission denied", nameof(RevocationOutcome.Refused))]
    [InlineData(400, "lease not found", nameof(RevocationOutcome.Confirmed))]
    public async Task RevokeAsync_Lease_IsJudgedByTheAnswer(int status, string error, string outcome)
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(task: ""), Stop);
        scene.Vault.Refuse = r => r.Path != "sys/leases/revoke" ? null : error.Length == 0 ? new(status, null) : FakeVaultAnswer.Error(status, error);

        Assert.Equal(outcome, $"{await scene.RevokeAsync(scene.Ledger.Debts[0].Revocation)}");

        Assert.Contains(scene.Vault.Requests, r => r.Path == "sys/leases/revoke" && r.Text("sync") == "true");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(400)]
    public async Task RevokeAsync_NotKnownWhetherItEnded_IsAFailure(int status)
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(task: ""), Stop);
        scene.Vault.Refuse = r => r.Path == "sys/leases/revoke" ? FakeVaultAnswer.Error(status, "canary") : null;

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.RevokeAsync(scene.Ledger.Debts[0].Revocation));

        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokeAsync_UnknownKind_IsUnsupported()
    {
        await using var scene = await VaultScene.StartAsync();

        Assert.Equal(RevocationOutcome.Unsupported, await scene.RevokeAsync(new Revocation("other", new SecretValue("x"), null)));
    }

    [Fact]
    public async Task Everything_AtEveryLevel_HoldsNoSecret()
    {
        await using var scene = await VaultScene.StartAsync();
        var provider = scene.Provider();
        var texts = new List<string>();
        foreach (var task in (string[])["", "task-1"])
        {
            var request = scene.Request(task);
            var issued = await provider.IssueAsync(request, Stop);
            texts.AddRange([issued.ToString(), JsonSerializer.Serialize(issued), $"{scene.Ledger.Debts[^1]}", scene.Connection.Tasks.Find(scene.Vault.State.Tokens[^1].Accessor)?.ToString() ?? ""]);
            foreach (var (path, status) in (IEnumerable<(string, int)>)[("database/creds/ro", 400), ("sys/leases/renew", 500), ("sys/leases/revoke", 500), ("auth/token/create", 403)])
            {
                scene.Vault.Refuse = r => r.Path == path ? FakeVaultAnswer.Error(status, $"the server says {issued.Fields["password"].Reveal()}") : null;
                texts.Add((await Record.ExceptionAsync(async () => await provider.IssueAsync(request with { Key = request.Key with { Task = task.Length == 0 ? "" : path } }, Stop)))?.ToString() ?? "");
                texts.Add((await Record.ExceptionAsync(async () => await provider.RenewAsync(request, issued.Renewal!, Stop)))?.ToString() ?? "");
                texts.Add((await Record.ExceptionAsync(async () => await scene.RevokeAsync(scene.Ledger.Debts[^1].Revocation)))?.ToString() ?? "");
            }

            scene.Vault.Refuse = null;
        }

        texts.AddRange(scene.Log.Lines.Select(l => l.Text));
        string[] secrets =
        [
            "the-gateways-jwt",
            .. scene.Vault.State.Tokens.SelectMany(t => (string[])[t.Value, t.Accessor]),
            .. scene.Vault.State.Leases.SelectMany(l => (string[])[l.Id, l.Data["password"]!.ToString(), l.Data["username"]!.ToString()]),
        ];
        Assert.Contains(texts, t => t.Contains("answered 500", StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.All(texts, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));
    }
}
