using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Sidecar;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Sidecar;

/// <summary>Proofs of possession (RFC 9449), checked here without any code of the gateway's.</summary>
public sealed class SidecarProofTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RecordingUpstream _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _gateway = await RecordingUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Request_Proven_CarriesAFreshProofForItselfAndItsToken()
    {
        var token = RunningSidecar.Token("a");
        await using var sidecar = await RunningSidecar.StartAsync(Settings(token));

        using (await sidecar.Client.GetAsync("/tool/items%2F1?secret=1", Stop))
        using (await sidecar.Client.PostAsync("/tool", new StringContent("body"), Stop))
        {
            var proofs = _gateway.Requests.Select(r => Proof.Read(r.Value("DPoP"))).ToArray();

            Assert.Equal(("GET", "https://gateway.example:8443/tool/items%2F1"), (proofs[0].Text("htm"), proofs[0].Text("htu")));
            Assert.Equal(("POST", "https://gateway.example:8443/tool"), (proofs[1].Text("htm"), proofs[1].Text("htu")));
            Assert.All(proofs, p => Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))), p.Text("ath")));
            Assert.All(proofs, p => Assert.InRange(p.Claims.GetProperty("iat").GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
            Assert.All(proofs, p => Assert.False(p.Claims.TryGetProperty("nonce", out _)));
            Assert.NotEqual(proofs[0].Text("jti"), proofs[1].Text("jti"));
            Assert.Equal(proofs[0].Thumbprint, proofs[1].Thumbprint);
        }
    }

    [Fact]
    public async Task Sidecars_Two_HaveKeysOfTheirOwn()
    {
        await using var first = await RunningSidecar.StartAsync(Settings(RunningSidecar.Token("a")));
        await using var second = await RunningSidecar.StartAsync(Settings(RunningSidecar.Token("a")));

        using (await first.Client.GetAsync("/tool", Stop))
        using (await second.Client.GetAsync("/tool", Stop))
        {
            Assert.Equal(2, _gateway.Requests.Select(r => Proof.Read(r.Value("DPoP")).Thumbprint).Distinct().Count());
        }
    }

    [Fact]
    public async Task Nonce_Demanded_IsSentAtOnceAndFromThenOn()
    {
        DemandNonce("nonce-1");
        await using var sidecar = await RunningSidecar.StartAsync(Settings(RunningSidecar.Token("a")));

        using var first = await sidecar.Client.GetAsync("/tool", Stop);
        using var second = await sidecar.Client.PostAsync("/tool", new StringContent("body"), Stop);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.False(first.Headers.Contains("DPoP-Nonce"));
        Assert.Equal(3, _gateway.Requests.Count);
        Assert.Equal(3, _gateway.Requests.Select(r => Proof.Read(r.Value("DPoP")).Text("jti")).Distinct().Count());
    }

    [Fact]
    public async Task Nonce_DemandedOfABody_IsTheAgentsToRetry()
    {
        DemandNonce("nonce-1");
        await using var sidecar = await RunningSidecar.StartAsync(Settings(RunningSidecar.Token("a")));

        using var first = await sidecar.Client.PostAsync("/tool", new StringContent("body"), Stop);
        using var second = await sidecar.Client.PostAsync("/tool", new StringContent("body"), Stop);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.All(_gateway.Requests, r => Assert.Equal("body", Encoding.UTF8.GetString(r.Body)));
    }

    [Fact]
    public async Task Nonce_NeverAccepted_IsTriedTwiceOnly()
    {
        _gateway.Answer = (_, context) => Challenge(context, Guid.NewGuid().ToString());
        await using var sidecar = await RunningSidecar.StartAsync(Settings(RunningSidecar.Token("a")));

        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(2, _gateway.Requests.Count);
    }

    [Fact]
    public async Task Token_FromATokenEndpoint_IsAskedForWithTheWorkloadsAndBoundToTheKey()
    {
        await using var endpoint = await RecordingUpstream.StartAsync();
        var (workload, bound) = (RunningSidecar.Token("workload"), RunningSidecar.Token("bound"));
        endpoint.Answer = (request, context) => Proof.Read(request.Value("DPoP")).Claims.TryGetProperty("nonce", out _)
            ? context.Response.WriteAsJsonAsync(new { access_token = bound, token_type = "DPoP", expires_in = 300 })
            : Challenge(context, "nonce-e", 400);
        await using var sidecar = await RunningSidecar.StartAsync(Settings(workload) with { Exchange = new TokenExchange(new Uri($"{endpoint.Url}/token"), "client", "read", "https://gateway.example") });

        await WaitForSuccessAsync(sidecar);

        var (asked, called) = (endpoint.Requests.Last(), _gateway.Requests.Last());
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Encoding.UTF8.GetString(asked.Body));
        Assert.Equal(
            ("client_credentials", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", workload, "client", "read", "https://gateway.example"),
            (form["grant_type"].ToString(), form["client_assertion_type"].ToString(), form["client_assertion"].ToString(), form["client_id"].ToString(), form["scope"].ToString(), form["resource"].ToString()));
        Assert.Empty(asked.Values("Gateway-Identity"));
        Assert.Equal(("POST", $"{endpoint.Url}/token"), (Proof.Read(asked.Value("DPoP")).Text("htm"), Proof.Read(asked.Value("DPoP")).Text("htu")));
        Assert.Equal(bound, called.Value("Gateway-Identity"));
        Assert.Equal(Proof.Read(asked.Value("DPoP")).Thumbprint, Proof.Read(called.Value("DPoP")).Thumbprint);
        Canary.AssertAbsent(workload, called.ToString(), "The gateway's request");
        Assert.All([workload, bound], secret => Canary.AssertAbsent(secret, sidecar.Logs.ToString(), "The log"));
    }

    [Theory]
    [InlineData("""{"access_token":"{0}","token_type":"Bearer","expires_in":300}""")]
    [InlineData("""{"access_token":"{0}","token_type":"DPoP"}""")]
    [InlineData("""{"access_token":"opaque","token_type":"DPoP","expires_in":300}""")]
    [InlineData("""{"access_token":"{0}","token_type":"DPoP","token_type":"DPoP","expires_in":300}""")]
    [InlineData("""["{0}"]""")]
    [InlineData("")]
    public async Task Token_NotBound_IsNotSent(string answer)
    {
        await using var endpoint = await RecordingUpstream.StartAsync();
        var bound = RunningSidecar.Token("bound");
        endpoint.Answer = (_, context) => context.Response.WriteAsync(answer.Replace("{0}", bound, StringComparison.Ordinal));
        await using var sidecar = await RunningSidecar.StartAsync(Settings(RunningSidecar.Token("a")) with { Exchange = new TokenExchange(new Uri($"{endpoint.Url}/token"), null, null, null) });

        await Eventually.TrueAsync(() => Task.FromResult(sidecar.Logs.ToString().Contains("SidecarToken", StringComparison.Ordinal)), () => "The token endpoint was not asked.", Stop);
        using var response = await sidecar.Client.GetAsync("/tool", Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(_gateway.Requests);
        Canary.AssertAbsent(bound, sidecar.Logs.ToString(), "The log");
    }

    private static Task Challenge(HttpContext context, string nonce, int status = 401)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\", algs=\"ES256\"";
        context.Response.Headers["DPoP-Nonce"] = nonce;
        return context.Response.WriteAsJsonAsync(new { error = "use_dpop_nonce" });
    }

    private static Task WaitForSuccessAsync(RunningSidecar sidecar) => Eventually.TrueAsync(
        async () =>
        {
            using var response = await sidecar.Client.GetAsync("/tool", Stop);
            return response.IsSuccessStatusCode;
        },
        () => $"No bound token was obtained:\n{sidecar.Logs}",
        Stop);

    private void DemandNonce(string nonce) => _gateway.Answer = (request, context) =>
        Proof.Read(request.Value("DPoP")).Claims.TryGetProperty("nonce", out var sent) && sent.GetString() == nonce
            ? context.Response.WriteAsync("ok")
            : Challenge(context, nonce);

    private SidecarSettings Settings(string token) => RunningSidecar.To(_gateway.Url, _folder.Write($"token-{Guid.NewGuid():N}", token)) with { ProvesPossession = true };

    /// <summary>A proof whose form and signature are right.</summary>
    private sealed record Proof(JsonElement Claims, string Thumbprint)
    {
        public string Text(string claim) => Claims.GetProperty(claim).GetString()!;

        public static Proof Read(string text)
        {
            var parts = text.Split('.');
            Assert.Equal(3, parts.Length);
            var header = Parse(parts[0]);
            Assert.Equal(["alg", "jwk", "typ"], header.EnumerateObject().Select(p => p.Name).Order());
            Assert.Equal(("dpop+jwt", "ES256"), (header.GetProperty("typ").GetString(), header.GetProperty("alg").GetString()));
            var jwk = header.GetProperty("jwk");
            Assert.Equal(["crv", "kty", "x", "y"], jwk.EnumerateObject().Select(p => p.Name).Order());
            var (x, y) = (jwk.GetProperty("x").GetString()!, jwk.GetProperty("y").GetString()!);
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) } });
            Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256), "The signature is wrong.");
            return new Proof(Parse(parts[1]), $"{x}.{y}");
        }

        private static JsonElement Parse(string part) => JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part));
    }
}
