using System.Net;
using System.Text.Json;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Tasks;

/// <summary>Tasks that are started with a Transaction Token: whose they are, through whom, for how long; and tokens that are refused.</summary>
public sealed class TransactionTokenTests : IAsyncLifetime
{
    private const string Service = "https://tts.test";

    private readonly WorkloadIssuer _service = new();
    private readonly TemporaryFolder _keys = new();
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync(new
    {
        TransactionTokens = new
        {
            Issuers = new Dictionary<string, object> { ["tts"] = new { Issuer = Service, Audiences = new[] { "example.org" }, JwksFile = _keys.Write("jwks.json", _service.KeySet()) } },
        },
    });

    public async ValueTask DisposeAsync()
    {
        await _scene.DisposeAsync();
        _keys.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task Start_WithAToken_TakesUserChainScopesAndEnd()
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds());

        var task = await StartedAsync(Token(("req_wl", "spiffe://example.org/front"), ("scope", "orders.read orders.write"), ("exp", expires.ToUnixTimeSeconds())));
        using var call = await _scene.CallAsync("/strict/x", task.Text("id"));

        Assert.Equal(("tts:alice", "97053963-771d"), (task.Text("user"), task.Text("transaction")));
        Assert.Equal("""["dev:worker","spiffe://example.org/front","tts:alice"]""", task.GetProperty("chain").GetRawText());
        Assert.Equal("""["orders.read","orders.write"]""", task.GetProperty("scopes").GetRawText());
        Assert.Equal(expires, task.GetProperty("expiresAt").GetDateTimeOffset());
        var gateway = (await _scene.Log.SingleAsync(call.CallId(), Stop)).GetProperty("unmapped").GetProperty("gateway");
        Assert.Equal("97053963-771d", gateway.Text("transaction"));
        Assert.Equal("tts:alice", gateway.GetProperty("delegation").EnumerateArray().Last().GetString());
    }

    [Fact]
    public async Task Part_OfATaskWithATransaction_KeepsItAndTakesNoOther()
    {
        var parent = (await StartedAsync(Token(("scope", "read write")))).Text("id");

        var part = await StartedAsync(Token(("scope", "write admin")), $$"""{"purpose":"part","parent":"{{parent}}"}""");
        using var other = await StartAsync(Token(("txn", "another")), $$"""{"purpose":"part","parent":"{{parent}}"}""");
        using var wider = await StartAsync(Token(("scope", "read")), """{"purpose":"p","scopes":["write"]}""");

        Assert.Equal("""["write"]""", part.GetProperty("scopes").GetRawText());
        await TaskScene.AssertRefusedAsync(other, "request_malformed", HttpStatusCode.BadRequest);
        await TaskScene.AssertRefusedAsync(wider, "request_malformed", HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("""{"sub":"worker"}""")]
    [InlineData("""{"sub":"dev:worker"}""")]
    [InlineData("""{"sub":"spiffe://example.org/worker"}""")]
    [InlineData("""{"sub":"clerk","iss":"https://issuer.test"}""")]
    [InlineData("""{"sub":"worker","iss":"https://elsewhere.test"}""")]
    [InlineData("""{"sub":"worker","iss":"https://issuer.test","client_id":"x"}""")]
    [InlineData("""{"client_id":"dev:worker"}""")]
    [InlineData("""{"sub":7}""")]
    [InlineData("\"dev:worker\"")]
    [InlineData("null")]
    public async Task Start_MayActNamesAnother_IsRefused(string mayAct)
    {
        using var response = await StartAsync(Token(("may_act", JsonSerializer.Deserialize<JsonElement>(mayAct))));

        await TaskScene.AssertRefusedAsync(response, "identity_invalid", HttpStatusCode.Unauthorized);
        Assert.Contains("(may_act)", (await _scene.Log.SingleAsync(response.CallId(), Stop)).GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_scene.Tasks.All);
    }

    [Fact]
    public async Task Start_MayActNamesTheAgent_IsItsTask() =>
        Assert.Equal("tts:alice", (await StartedAsync(Token(("may_act", new { iss = WorkloadIssuer.Url, sub = "worker" })))).Text("user"));

    [Theory]
    [InlineData("typ", "JWT")]
    [InlineData("aud", "gateway")]
    [InlineData("aud", "elsewhere.org")]
    [InlineData("iss", "https://issuer.test")]
    [InlineData("exp", 1L)]
    [InlineData("txn", "")]
    [InlineData("txn", 7L)]
    [InlineData("req_wl", "a\nb")]
    [InlineData("scope", " ")]
    [InlineData("sub", "")]
    [InlineData("cnf", "bound")]
    public async Task Start_TokenThatIsWrong_IsRefused(string claim, object value)
    {
        using var response = await StartAsync(claim == "typ" ? Token("JWT") : Token((claim, value)));

        await TaskScene.AssertRefusedAsync(response, "identity_invalid", HttpStatusCode.Unauthorized);
        Assert.Empty(_scene.Tasks.All);
    }

    [Fact]
    public async Task Start_TwoTokensOrNoneOfItsService_IsRefused()
    {
        using var forged = new WorkloadIssuer();
        using var stranger = await StartAsync(forged.Sign(Claims(), "txntoken+jwt"));
        using var agents = await StartAsync(_scene.Issuer.Token());
        using var two = await StartAsync([Token(), Token()]);

        foreach (var response in new[] { stranger, agents, two })
        {
            await TaskScene.AssertRefusedAsync(response, "identity_invalid", HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Call_WithAToken_IdentifiesNobodyAndIsNotPassedOn()
    {
        var token = Token();
        using var alone = new HttpRequestMessage(HttpMethod.Get, "/api/x");
        alone.Headers.Add("Txn-Token", token);
        using var beside = new HttpRequestMessage(HttpMethod.Get, "/api/x");
        beside.Headers.Add("Gateway-Identity", _scene.Issuer.Token());
        beside.Headers.Add("Txn-Token", token);
        using var asIdentity = await _scene.CallWithAsync(token, "/api/x");

        using var unknown = await _scene.Gateway.Client.SendAsync(alone, Stop);
        using var known = await _scene.Gateway.Client.SendAsync(beside, Stop);

        await TaskScene.AssertRefusedAsync(unknown, "identity_missing", HttpStatusCode.Unauthorized);
        await TaskScene.AssertRefusedAsync(asIdentity, "identity_invalid", HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.DoesNotContain(token, string.Join('\n', _scene.Upstream.Single.Headers.Select(h => h.Value)), StringComparison.Ordinal);
        await _scene.Log.SingleAsync(known.CallId(), Stop);
        Canary.AssertAbsentFromFolder(token.Split('.')[2], Path.GetDirectoryName(_scene.Data)!);
    }

    private static Dictionary<string, object> Claims(params ReadOnlySpan<(string Name, object Value)> changes)
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Service,
            ["aud"] = "example.org",
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["exp"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
            ["txn"] = "97053963-771d",
            ["sub"] = "alice",
            ["rctx"] = new { req_ip = "69.151.72.123" },
        };
        foreach (var (name, value) in changes)
        {
            claims[name] = value;
        }

        return claims;
    }

    private string Token(params ReadOnlySpan<(string Name, object Value)> changes) => _service.Sign(Claims(changes), "txntoken+jwt");

    private string Token(string type) => _service.Sign(Claims(), type);

    private Task<HttpResponseMessage> StartAsync(string token, string body = """{"purpose":"testing"}""") => StartAsync([token], body);

    private async Task<HttpResponseMessage> StartAsync(string[] tokens, string body = """{"purpose":"testing"}""")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/.gateway/tasks") { Content = new StringContent(body) };
        request.Headers.Add("Gateway-Identity", _scene.Issuer.Token());
        request.Headers.Add("Txn-Token", tokens);
        return await _scene.Gateway.Client.SendAsync(request, Stop);
    }

    private async Task<JsonElement> StartedAsync(string token, string body = """{"purpose":"testing"}""")
    {
        using var response = await StartAsync(token, body);
        return await TaskScene.ReadAsync(response, HttpStatusCode.Created);
    }
}
