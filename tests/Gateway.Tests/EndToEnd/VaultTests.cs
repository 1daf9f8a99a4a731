using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Integrations.Tests.Vault;

namespace Gateway.Tests.EndToEnd;

/// <summary>A gateway that obtains credentials from Vault and keeps its secrets there.</summary>
public sealed class VaultTests : IAsyncLifetime
{
    private static readonly string Jwt = Canary.New("jwt");
    private static readonly string ApiKey = Canary.New("key");
    private static readonly string Password = Canary.New("password");
    private static readonly string CloudToken = Canary.New("cloud");

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private FakeVault _vault = null!;
    private RecordingUpstream _upstream = null!;
    private GatewayProcess _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _vault = await FakeVault.StartAsync();
        _vault.State.Jwts.Add(Jwt);
        _vault.State.Secrets["secret/data/crm"] = new JsonObject { ["api_key"] = ApiKey };
        _vault.State.Secrets["team/kv/data/db"] = new JsonObject { ["user"] = "reader", ["password"] = Password };
        _vault.State.Engines["gcp/roleset/agent/token"] = r => (new JsonObject { ["token"] = CloudToken, ["token_ttl"] = 3600, ["asked"] = r.Method }, false);
        _upstream = await RecordingUpstream.StartAsync();
        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = _issuer.Configure(_folder),
                Tools = new[] { "kept", "database", "cloud", "missing", "leased" }.ToDictionary(t => t, t => (object)new { Path = $"/{t}", Upstream = _upstream.Url, Credential = t }),
                Credentials = new Dictionary<string, object>
                {
                    ["kept"] = new { Type = "Static", Value = "vault:secret/crm#api_key", Owner = "tests", NotAfter = "2099-12-31", Inject = new[] { new { Header = "X-Api-Key", Value = "{value}" } } },
                    ["database"] = new { Type = "Vault", Path = "team/kv/data/db", Owner = "tests", NotAfter = "2099-12-31", Inject = new[] { new { Basic = new { User = "{user}", Password = "{password}" } } } },
                    ["cloud"] = new { Type = "Vault", Path = "gcp/roleset/agent/token", Parameters = new { scopes = new[] { "read" }, minutes = 5 } },
                    ["leased"] = new { Type = "Vault", Path = "database/creds/ro", Inject = new[] { new { Basic = new { User = "{username}", Password = "{password}" } } } },
                    ["missing"] = new { Type = "Static", Value = "vault:secret/crm#other", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Vault = new { Address = _vault.Address.AbsoluteUri, Auth = new { Method = "Kubernetes", Role = "gateway", JwtFile = _secrets.Write("token", Jwt) } },
                Policies = """@id("all") permit (principal, action, resource);""",
            },
            Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        if (_vault is not null)
        {
            await _vault.DisposeAsync();
        }

        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Calls_CredentialsFromVault_ReachTheUpstreamAndNobodyElse()
    {
        await AssertStatusAsync("kept", HttpStatusCode.OK);
        await AssertStatusAsync("database", HttpStatusCode.OK);
        await AssertStatusAsync("cloud", HttpStatusCode.OK);
        await AssertStatusAsync("missing", HttpStatusCode.ServiceUnavailable);

        var seen = _upstream.Requests.ToArray();
        Assert.Equal(ApiKey, seen[0].Value("X-Api-Key"));
        Assert.Equal($"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"reader:{Password}"))}", seen[1].Value("Authorization"));
        Assert.Equal($"Bearer {CloudToken}", seen[2].Value("Authorization"));
        Assert.Equal(3, seen.Length);
        var asked = Assert.Single(_vault.Requests, r => r.Path == "gcp/roleset/agent/token");
        Assert.Equal(("POST", """{"scopes":["read"],"minutes":5}"""), (asked.Method, asked.Body!.ToJsonString()));
        Assert.Contains("vault:secret/crm#other: the secret has no such field.", _gateway.Output, StringComparison.Ordinal);

        await _gateway.StopAsync(Stop);
        Assert.All(_vault.State.Tokens, t => Assert.True(t.IsRevoked, "A token outlived the gateway."));
        foreach (var secret in (string[])[Jwt, ApiKey, Password, CloudToken, .. _vault.State.Tokens.SelectMany(t => (string[])[t.Value, t.Accessor])])
        {
            Canary.AssertAbsent(secret, _gateway.Output, "The gateway's output at Trace");
            Canary.AssertAbsentFromFolder(secret, _folder.Path);
        }
    }

    [Fact]
    public async Task Task_LeaseOfItsOwnToken_EndsWithItAndIsAccountedFor()
    {
        using var started = await PostAsync("/.gateway/tasks", """{"purpose":"reading"}""");
        var task = JsonSerializer.Deserialize<JsonElement>(await started.Content.ReadAsStringAsync(Stop)).Text("id")!;
        foreach (var path in (string[])["/leased/one", "/leased/two"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Gateway-Identity", _issuer.Token());
            request.Headers.Add("Gateway-Task", task);
            using var response = await _gateway.Client.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var lease = Assert.Single(_vault.State.LiveLeases);
        var (user, password) = (lease.Data["username"]!.ToString(), lease.Data["password"]!.ToString());
        Assert.All(_upstream.Requests, r => Assert.Equal($"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"))}", r.Value("Authorization")));
        Assert.Equal((task, WorkloadIssuer.AgentId()), (lease.Token.Meta["task"], lease.Token.Meta["agent"]));

        using var ended = await PostAsync($"/.gateway/tasks/{task}/end", "");
        var account = Assert.Single(JsonSerializer.Deserialize<JsonElement>(await ended.Content.ReadAsStringAsync(Stop)).GetProperty("leases").EnumerateArray());

        Assert.Equal(("leased", "confirmed", 2), (account.Text("credential"), account.Text("revocation"), account.GetProperty("uses").GetInt32()));
        Assert.True(lease.IsRevoked && lease.Token.IsRevoked);
        Assert.Equal((1, 1), (_vault.Count("auth/token/revoke-accessor"), _vault.Count("sys/leases/revoke")));
        await _gateway.StopAsync(Stop);
        foreach (var secret in (string[])[password, lease.Id, lease.Token.Value, lease.Token.Accessor])
        {
            Canary.AssertAbsent(secret, _gateway.Output, "The gateway's output at Trace");
            Canary.AssertAbsentFromFolder(secret, _folder.Path);
        }
    }

    [Fact]
    public async Task Vault_Sealed_DegradesReadinessAndSparesWhatWasIssued()
    {
        await _gateway.WaitForReadinessAsync("vault", "healthy", Stop);
        await AssertStatusAsync("kept", HttpStatusCode.OK);
        _vault.IsSealed = true;

        await AssertStatusAsync("cloud", HttpStatusCode.ServiceUnavailable);
        await _gateway.WaitForReadinessAsync("vault", "degraded", Stop);
        await AssertStatusAsync("kept", HttpStatusCode.OK);

        // By itself: nobody has to call for the gateway to notice.
        _vault.IsSealed = false;
        await _gateway.WaitForReadinessAsync("vault", "healthy", Stop);
    }

    [Fact]
    public async Task Reload_VaultUnchanged_KeepsTokenAndLeases()
    {
        await AssertStatusAsync("cloud", HttpStatusCode.OK);
        var file = _folder.Combine("gateway.json");
        _folder.Write("gateway.json", (await File.ReadAllTextAsync(file, Stop)).Replace("\"/kept\"", "\"/renamed\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await StatusAsync("renamed") == HttpStatusCode.OK, () => "The change did not come into force.", Stop);
        await AssertStatusAsync("cloud", HttpStatusCode.OK);
        Assert.Equal((1, 1), (_vault.Count("auth/kubernetes/login"), _vault.Count("gcp/roleset/agent/token")));

        // Another Vault, so to speak: what the former one issued is over.
        _folder.Write("gateway.json", (await File.ReadAllTextAsync(file, Stop)).Replace("\"Role\": \"gateway\"", "\"Role\": \"another\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Task.FromResult(_vault.Count("auth/token/revoke-self") == 1), () => "The former token was not revoked.", Stop);
        await Eventually.TrueAsync(
            async () =>
            {
                await AssertStatusAsync("cloud", HttpStatusCode.OK);
                return _vault.Count("gcp/roleset/agent/token") > 1;
            },
            () => "What the former one issued is still used.",
            Stop);
        Assert.Equal((2, 2), (_vault.Count("auth/kubernetes/login"), _vault.Count("gcp/roleset/agent/token")));
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) => _gateway.SendAsync(HttpMethod.Post, path, _issuer.Token(), Stop, new StringContent(body));

    private async Task AssertStatusAsync(string tool, HttpStatusCode expected) => Assert.Equal((tool, expected), (tool, await StatusAsync(tool)));

    private async Task<HttpStatusCode> StatusAsync(string tool)
    {
        using var response = await _gateway.SendAsync(HttpMethod.Get, $"/{tool}/x", _issuer.Token(), Stop);
        return response.StatusCode;
    }
}
