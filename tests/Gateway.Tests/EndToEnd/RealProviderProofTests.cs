using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// Proofs of possession with parts that are not ours: npm's oidc-provider binds the tokens, npm's oauth4webapi makes the DPoP
/// proofs, and curl brings the certificate.
/// </summary>
public sealed class RealProviderProofTests : IAsyncLifetime
{
    private readonly string _agentSecret = Canary.New("agent");
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
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
            ["GATEWAY_SECRET"] = "unused",
            ["UPSTREAM_SECRET"] = "unused",
        });
        _issuer = (await _provider.ReadAsync(Stop)).GetProperty("url").GetString()!;
        _upstream = await RecordingUpstream.StartAsync();
        _gateway = await GatewayProcess.StartAsync(
            _folder,
            new GatewaySetup
            {
                Identity = new
                {
                    Issuers = new Dictionary<string, object> { ["idp"] = new { Issuer = _issuer, Audiences = new[] { "gateway" } } },
                    Dpop = new { Nonce = "Required" },
                },
                Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = _upstream.Url, Credential = "key" } },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{_secrets.Write("value", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = """@id("proven") permit (principal, action, resource) when { principal.proofOfPossession };""",
                Tls = ServerCertificate.Write(_secrets),
                ClientCertificate = "Accept",
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

        _secrets.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Call_ByADpopClient_FollowsTheNonceAndIsServedOncePerProof()
    {
        await using var agent = NodeScript.Start("dpop-agent.mjs", new Dictionary<string, string>
        {
            ["ISSUER"] = _issuer,
            ["AGENT_SECRET"] = _agentSecret,
            ["CALL_URL"] = new Uri(_gateway.Agents, "/tool/items/1?a=b").ToString(),
            ["NO_PROXY"] = "*",
        });
        var issued = await agent.ReadAsync(Stop);
        var token = issued.Text("token")!;
        Assert.Equal("dpop", issued.Text("type"));

        await AssertCallAsync(agent, "first", 401, "use_dpop_nonce");
        var proof = await AssertCallAsync(agent, "retried", 200, null);
        await AssertCallAsync(agent, "again", 200, null);
        await AssertCallAsync(agent, "replayed", 401, "invalid_dpop_proof");
        await AssertCallAsync(agent, "bearer", 401, "invalid_token");
        Assert.Equal(0, await agent.WaitForExitAsync(Stop));

        Assert.Equal(2, _upstream.Requests.Count);
        Assert.All(_upstream.Requests, request => Assert.DoesNotContain(token, request.ToString(), StringComparison.Ordinal));
        Assert.All(_upstream.Requests, request => Assert.DoesNotContain(proof, request.ToString(), StringComparison.Ordinal));
        var records = await _gateway.Log.WaitForCountAsync(5, Stop);
        Assert.Equal([3002, 6003, 6003, 3002, 3002], records.Select(r => r.ClassUid()));
        Assert.Contains("jti", records[3].Text("status_detail"), StringComparison.Ordinal);

        // Neither is a secret of ours, and both belong into no log.
        Canary.AssertAbsentFrom(_gateway, token);
        Canary.AssertAbsentFrom(_gateway, proof);
    }

    [Fact]
    public async Task Call_ByCurlWithTheTokensCertificate_IsServedAndWithoutItIsNot()
    {
        using var certificate = ClientCertificate.Create();
        using var other = ClientCertificate.Create("other");
        var token = await FetchTokenAsync(certificate);
        var (file, key) = certificate.Write(_secrets, "agent");
        var (otherFile, otherKey) = other.Write(_secrets, "other");

        Assert.Equal("200", await CurlAsync(token, "--cert", file, "--key", key));
        Assert.Equal("401", await CurlAsync(token, "--cert", otherFile, "--key", otherKey));
        Assert.Equal("401", await CurlAsync(token));

        Assert.Single(_upstream.Requests);
        var records = await _gateway.Log.WaitForCountAsync(3, Stop);
        Assert.Equal("idp:tls-agent", records[0].Agent());
        Assert.All(records.Skip(1), record => Assert.Equal("proof_required", record.Reason()));
        Assert.All(records.Skip(1), record => Assert.Contains("x5t#S256", record.Text("status_detail"), StringComparison.Ordinal));
        Canary.AssertAbsentFrom(_gateway, token);
    }

    /// <returns>The proof that was sent.</returns>
    private static async Task<string> AssertCallAsync(NodeScript agent, string call, int status, string? error)
    {
        var line = await agent.ReadAsync(Stop);
        Assert.Equal((call, status), (line.Text("call"), line.GetProperty("status").GetInt32()));
        if (error is not null)
        {
            Assert.StartsWith($"DPoP realm=\"gateway\", error=\"{error}\", algs=\"ES256 ", line.Text("challenge"), StringComparison.Ordinal);
        }

        Assert.True(line.GetProperty("nonce").GetBoolean());
        return line.Text("proof") ?? "";
    }

    private async Task<string> CurlAsync(string token, params string[] options)
    {
        await using var curl = Curl.Start([
            "--cacert", _secrets.Combine("gateway.pem"), "--header", $"Authorization: Bearer {token}", "--output", "/dev/null", "--write-out", "%{http_code}",
            .. options, new Uri(_gateway.Https, "/tool/items/1").ToString()]);
        Assert.True(await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop) == 0, curl.Output);
        return curl.Output.Trim();
    }

    private async Task<string> FetchTokenAsync(X509Certificate2 certificate)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_issuer}/token");
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"tls-agent:{_agentSecret}")));
        request.Headers.Add("X-Client-Cert", Convert.ToBase64String(certificate.RawData));
        using var response = await http.SendAsync(request, Stop);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Stop)).Text("access_token")!;
    }
}
