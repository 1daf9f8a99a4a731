using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// The main job with parts that are not ours: npm's oidc-provider issues the agent's token and the downstream token, and
/// the upstream accepts a call only after it has introspected the token at that provider.
/// </summary>
public sealed class RealProviderTests : IAsyncLifetime
{
    private const string Agent = "idp:agent";

    private const string Policies = """
        @id("agent-reads-items")
        permit (principal == Agent::"idp:agent", action == Action::"inventory/items.get", resource == Tool::"inventory");

        @id("nobody-deletes")
        forbid (principal, action in Action::"delete", resource);
        """;

    private readonly string _agentSecret = Canary.New("agent");
    private readonly string _gatewaySecret = Canary.New("client");
    private readonly string _upstreamSecret = Canary.New("introspection");
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private NodeScript _provider = null!;
    private RecordingUpstream _upstream = null!;
    private GatewayProcess _gateway = null!;
    private string _issuer = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = NodeScript.Start("oidc-provider.mjs", new Dictionary<string, string>
        {
            ["AGENT_SECRET"] = _agentSecret,
            ["GATEWAY_SECRET"] = _gatewaySecret,
            ["UPSTREAM_SECRET"] = _upstreamSecret,
        });
        _issuer = (await _provider.ReadAsync(Stop)).GetProperty("url").GetString()!;
        _upstream = await RecordingUpstream.StartAsync();
        _upstream.Answer = AnswerAfterIntrospectionAsync;
        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = new
                {
                    Issuers = new Dictionary<string, object> { ["idp"] = new { Kind = "Oidc", Issuer = _issuer, Audiences = new[] { "gateway" } } },
                },
                Tools = new Dictionary<string, object>
                {
                    ["inventory"] = new
                    {
                        Path = "/inventory",
                        Upstream = _upstream.Url,
                        Credential = "downstream",
                        Operations = new Dictionary<string, string> { ["items.get"] = "GET /items/{id}" },
                    },
                },
                Credentials = new Dictionary<string, object>
                {
                    ["downstream"] = new
                    {
                        Type = "OAuth2ClientCredentials",
                        TokenEndpoint = $"{_issuer}/token",
                        ClientId = "gateway",
                        ClientSecret = $"file:{_secrets.Write("client-secret", _gatewaySecret)}",
                    },
                },
                Policies = Policies,
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

        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        _http.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Call_AllowedDeniedAndForged_IsJudgedInjectedAndRecorded()
    {
        var agentToken = await FetchTokenAsync("agent", _agentSecret);

        using var allowed = await _gateway.SendAsync(HttpMethod.Get, "/inventory/items/42?fields=name", agentToken, Stop);
        Assert.True(allowed.StatusCode == HttpStatusCode.OK, $"{allowed.StatusCode}: {await allowed.Content.ReadAsStringAsync(Stop)}\n{_gateway.Output}");
        Assert.Equal("""{"id":42,"name":"lamp"}""", await allowed.Content.ReadAsStringAsync(Stop));

        var seen = _upstream.Single;
        Assert.Equal("/items/42?fields=name", seen.Target);
        var downstreamToken = seen.Value("Authorization")["Bearer ".Length..];
        Assert.NotEqual(agentToken, downstreamToken);
        Assert.DoesNotContain(agentToken, seen.ToString(), StringComparison.Ordinal);

        using var denied = await _gateway.SendAsync(HttpMethod.Delete, "/inventory/items/42", agentToken, Stop);
        var problem = await Problem.AssertAsync(denied, HttpStatusCode.Forbidden, "policy_denied", Stop);
        Assert.Equal(["nobody-deletes"], problem.GetProperty("policies").EnumerateArray().Select(p => p.GetString()));

        using var forged = await _gateway.SendAsync(HttpMethod.Get, "/inventory/items/42", Forge(agentToken), Stop);
        await Problem.AssertAsync(forged, HttpStatusCode.Unauthorized, "identity_invalid", Stop);
        Assert.NotEmpty(forged.Headers.WwwAuthenticate);

        Assert.Single(_upstream.Requests);
        await AssertRecordedAsync(allowed, denied, forged);

        foreach (var secret in new[] { downstreamToken, _gatewaySecret })
        {
            foreach (var response in new[] { allowed, denied, forged })
            {
                await Canary.AssertAbsentAsync(secret, response, Stop);
            }

            Canary.AssertAbsentFrom(_gateway, secret);
        }

        // A search of a quiet log would prove nothing.
        Assert.Contains("trce: Microsoft.AspNetCore", _gateway.Output, StringComparison.Ordinal);

        // The agent's own token is as good as its identity: it belongs into no log either.
        Canary.AssertAbsentFrom(_gateway, agentToken);

        Assert.Equal(0, await _gateway.StopAsync(Stop));
        Canary.AssertAbsent(downstreamToken, _gateway.Output, "The output at shutdown");
        Canary.AssertAbsentFromFolder(downstreamToken, _folder.Path);
        Canary.AssertAbsentFromFolder(_gatewaySecret, _folder.Path);
        Assert.Equal(3, _gateway.Log.ReadAll().Count);
    }

    [Fact]
    public async Task Call_UpstreamEchoesTheToken_AgentNeverSeesIt()
    {
        var agentToken = await FetchTokenAsync("agent", _agentSecret);
        _upstream.Answer = async (request, context) =>
        {
            var authorization = request.Value("Authorization");
            context.Response.Headers["X-Echo"] = authorization;
            await context.Response.WriteAsync($"you sent {authorization}, twice: {authorization}", context.RequestAborted);
        };

        using var response = await _gateway.SendAsync(HttpMethod.Get, "/inventory/items/1", agentToken, Stop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("you sent Bearer ", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await Canary.AssertAbsentAsync(_upstream.Single.Value("Authorization")["Bearer ".Length..], response, Stop);
    }

    [Fact]
    public async Task Call_SecondAndThird_UseTheSameLease()
    {
        var agentToken = await FetchTokenAsync("agent", _agentSecret);

        for (var i = 0; i < 3; i++)
        {
            using var response = await _gateway.SendAsync(HttpMethod.Get, "/inventory/items/1", agentToken, Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Single(_upstream.Requests.Select(r => r.Value("Authorization")).Distinct());
        Assert.Single(_provider.Output.Split('\n'), l => l.Contains("""{"event":"token","client":"gateway"}""", StringComparison.Ordinal));
    }

    private async Task AssertRecordedAsync(HttpResponseMessage allowed, HttpResponseMessage denied, HttpResponseMessage forged)
    {
        await _gateway.Log.WaitForCountAsync(3, Stop);

        var first = await _gateway.Log.SingleAsync(allowed.CallId(), Stop);
        Assert.Equal(CallLog.ApiActivity, first.ClassUid());
        Assert.Equal((Agent, "inventory", "items.get"), (first.Agent(), first.Tool(), first.Operation()));
        Assert.Equal(("Allowed", "agent-reads-items", 200), (first.Disposition(), first.Policy(), first.Status()));
        Assert.True(first.Forwarded());

        var second = await _gateway.Log.SingleAsync(denied.CallId(), Stop);
        Assert.Equal(CallLog.ApiActivity, second.ClassUid());
        Assert.Equal((Agent, "inventory", "DELETE"), (second.Agent(), second.Tool(), second.Operation()));
        Assert.Equal(("Blocked", "nobody-deletes", 403), (second.Disposition(), second.Policy(), second.Status()));
        Assert.Equal("policy_denied", second.Reason());
        Assert.False(second.Forwarded());

        var third = await _gateway.Log.SingleAsync(forged.CallId(), Stop);
        Assert.Equal(CallLog.Authentication, third.ClassUid());
        Assert.Equal(401, third.Status());
        Assert.Equal("identity_invalid", third.Reason());
        Assert.Null(third.Agent());
        Assert.False(third.Forwarded());
    }

    /// <summary>The same claims under the same key id, signed by a key of ours.</summary>
    private static string Forge(string token)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = token[..token.LastIndexOf('.')];
        return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private async Task<string> FetchTokenAsync(string client, string secret)
    {
        var answer = await PostAsync("/token", client, secret, ("grant_type", "client_credentials"));
        return answer.GetProperty("access_token").GetString()!;
    }

    private async Task AnswerAfterIntrospectionAsync(RecordedRequest request, HttpContext context)
    {
        var authorization = request.Value("Authorization");
        if (authorization.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            var token = await PostAsync("/token/introspection", "upstream", _upstreamSecret, ("token", authorization["Bearer ".Length..]));
            if (token.GetProperty("active").GetBoolean() && token.GetProperty("client_id").GetString() == "gateway")
            {
                await context.Response.WriteAsync("""{"id":42,"name":"lamp"}""", context.RequestAborted);
                return;
            }
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private async Task<JsonElement> PostAsync(string path, string client, string secret, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var request = new HttpRequestMessage(HttpMethod.Post, _issuer + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}")));
        using var response = await _http.SendAsync(request, Stop);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Stop));
    }
}
