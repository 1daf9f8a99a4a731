using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Integrations.Tests.Vault;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.EndToEnd;

/// <summary>A gateway whose audit key stays in Vault: through an outage, a rotation, and a start without Vault.</summary>
public sealed class TransitAuditKeyTests : IAsyncLifetime
{
    private const string Key = "team/transit/audit";

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private FakeVault _vault = null!;
    private RecordingUpstream _upstream = null!;
    private volatile bool _isDown;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string PublicKeys => _folder.Combine("data/audit-key.pub");

    public async ValueTask InitializeAsync()
    {
        _vault = await FakeVault.StartAsync();
        _vault.State.Transit.Create(Key);
        _vault.BeforeAnswer = (_, context) =>
        {
            if (_isDown)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        };
        _upstream = await RecordingUpstream.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        await _vault.DisposeAsync();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Calls_VaultDownForAWhileAndTheKeyRotated_LogVerifies()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, Setup(), Stop);
        await AssertServedAsync(gateway, 3);
        var task = await StartTaskAsync(gateway);
        AssertSigned(await ReceiptAsync(await PostAsync(gateway, $"/.gateway/tasks/{task}/end", "")));

        _isDown = true;
        var second = await StartTaskAsync(gateway);
        await Eventually.TrueAsync(
            async () =>
            {
                await AssertServedAsync(gateway, 1);
                return await IsAuditAsync(gateway, "degraded");
            },
            () => $"Nobody noticed that nothing is signed.\n{gateway.Output}",
            Stop);
        await AssertServedAsync(gateway, 10);

        // It ends all the same, and says that nobody signs for it; who asks for the evidence later is told to ask again.
        var unsigned = await ReceiptAsync(await PostAsync(gateway, $"/.gateway/tasks/{second}/end", ""));
        Assert.Equal((second, JsonValueKind.Null), (unsigned.Text("task"), unsigned.GetProperty("signature").ValueKind));
        using (var refused = await AdminAsync(gateway, $"/v1/tasks/{second}/receipt"))
        {
            var text = await refused.Content.ReadAsStringAsync(Stop);
            Assert.True(refused.StatusCode == HttpStatusCode.ServiceUnavailable, text);
            Assert.Equal("audit_unavailable", JsonSerializer.Deserialize<JsonElement>(text).Text("reason"));
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        _isDown = false;
        await gateway.WaitForReadinessAsync("audit", "healthy", Stop);
        AssertSigned(await ReceiptAsync(await AdminAsync(gateway, $"/v1/tasks/{second}/receipt")));

        _vault.State.Transit.Rotate(Key);
        _vault.State.Transit.Retire(Key, below: 2);
        AssertSigned(await ReceiptAsync(await AdminAsync(gateway, $"/v1/tasks/{second}/receipt")));
        Assert.Equal(2, PemCount());
        await AssertServedAsync(gateway, 3);
        await gateway.StopAsync(Stop);

        Assert.Equal(1, Occurrences(gateway.Output, "nothing signs for its records now"));
        Assert.Equal(1, Occurrences(gateway.Output, "are signed for again"));
        Assert.Equal(_upstream.Requests.Count, gateway.Log.ReadAll().Count(e => e.Forwarded()));
        await using var verify = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "audit", "verify", _folder.Combine("audit"), "--public-key", PublicKeys]);
        Assert.True(await verify.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop) == 0, verify.Output);
        Assert.Contains("unsigned at the end: 0\n", verify.Output, StringComparison.Ordinal);
        foreach (var secret in _vault.State.Tokens.SelectMany(t => (string[])[t.Value, t.Accessor]))
        {
            Canary.AssertAbsent(secret, gateway.Output, "The gateway's output at Trace");
            Canary.AssertAbsentFromFolder(secret, _folder.Path);
        }
    }

    [Fact]
    public async Task Start_VaultDown_RefusesCallsUntilItIsBack()
    {
        _isDown = true;
        await using var gateway = await InProcessGateway.StartAsync(_folder, Setup());
        using (var refused = await gateway.GetAsync("/api/x", _issuer.Token()))
        {
            await Problem.AssertAsync(refused, HttpStatusCode.ServiceUnavailable, "audit_unavailable", Stop);
        }

        _isDown = false;
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await gateway.GetAsync("/api/x", _issuer.Token());
                return response.StatusCode == HttpStatusCode.OK;
            },
            () => "Calls were not accepted although Vault is back.",
            Stop);
        Assert.Equal(1, PemCount());
        Assert.Single(_upstream.Requests);
    }

    [Theory]
    [InlineData("transit:canary-aes", "Gateway:Audit:SigningKey: transit:canary-aes: Vault's key is not of the type ecdsa-p256")]
    [InlineData("env:GATEWAY_TEST_NO_SUCH_KEY", "Gateway:Audit:SigningKey: env:GATEWAY_TEST_NO_SUCH_KEY")]
    public async Task Start_KeyThatCannotBeUsed_IsAnErrorAtItsOption(string reference, string message)
    {
        _vault.State.Engines["transit/keys/canary-aes"] = _ => (new JsonObject { ["type"] = "aes256-gcm96", ["latest_version"] = 1, ["keys"] = new JsonObject { ["1"] = 1795297421 } }, false);
        _folder.Write("policies/test.cedar", Setup().Policies);
        var configuration = _folder.Write("gateway.json", (Setup() with { Audit = new { Directory = "audit", SigningKey = reference } }).ConfigurationJson(FreePort.Next(), FreePort.Next(), FreePort.Next()));

        await using var gateway = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "run", "--config", configuration]);

        Assert.True(await gateway.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop) == 2, gateway.Output);
        Assert.Contains($"error: {message}", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", gateway.Output, StringComparison.Ordinal);
    }

    private GatewaySetup Setup() => new()
    {
        Identity = _issuer.Configure(_folder),
        Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = _upstream.Url, Credential = "key" } },
        Credentials = new Dictionary<string, object>
        {
            ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("key", "static-key")}", Owner = "tests", NotAfter = "2099-12-31" },
        },
        Vault = new { Address = _vault.Address.AbsoluteUri, Auth = new { Method = "Kubernetes", Role = "gateway", JwtFile = _secrets.Write("token", "the-gateways-jwt") } },
        Audit = new { Directory = "audit", SigningKey = $"transit:{Key}" },
        Policies = """@id("all") permit (principal, action, resource);""",
    };

    private async Task AssertServedAsync(GatewayProcess gateway, int calls)
    {
        for (var call = 0; call < calls; call++)
        {
            using var response = await gateway.SendAsync(HttpMethod.Get, "/api/x", _issuer.Token(), Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task<bool> IsAuditAsync(GatewayProcess gateway, string status) =>
        (await gateway.ReadinessAsync(Stop)).GetProperty("entries").GetProperty("audit").Text("status") == status;

    private async Task<string> StartTaskAsync(GatewayProcess gateway)
    {
        using var started = await PostAsync(gateway, "/.gateway/tasks", """{"purpose":"signing"}""");
        return JsonSerializer.Deserialize<JsonElement>(await started.Content.ReadAsStringAsync(Stop)).Text("id")!;
    }

    private Task<HttpResponseMessage> PostAsync(GatewayProcess gateway, string path, string body) =>
        gateway.SendAsync(HttpMethod.Post, path, _issuer.Token(), Stop, new StringContent(body));

    private async Task<HttpResponseMessage> AdminAsync(GatewayProcess gateway, string path) =>
        await gateway.SendAsync(HttpMethod.Get, new Uri(gateway.Admin, path).AbsoluteUri, (await File.ReadAllTextAsync(_folder.Combine("data/admin-token"), Stop)).Trim(), Stop);

    private static async Task<JsonElement> ReceiptAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Stop);
            Assert.True(response.StatusCode == HttpStatusCode.OK, text);
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
    }

    /// <summary>By the public keys in the data directory alone.</summary>
    private void AssertSigned(JsonElement receipt)
    {
        var unsigned = JsonNode.Parse(receipt.GetRawText())!.AsObject();
        unsigned.Remove("signature");
        var parts = receipt.Text("signature")!.Split('.');
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])), unsigned), receipt.GetRawText());
        Assert.Contains(Pems(), pem =>
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);
        });
    }

    private int PemCount() => Pems().Length;

    private string[] Pems() =>
        [.. File.ReadAllText(PublicKeys).Split("-----END PUBLIC KEY-----\n", StringSplitOptions.RemoveEmptyEntries).Select(pem => pem + "-----END PUBLIC KEY-----\n")];

    private static int Occurrences(string text, string words) => text.Split(words).Length - 1;
}
