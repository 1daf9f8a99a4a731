using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Identity;

/// <summary>Tokens that are bound to a key, with and without their proofs, over real connections.</summary>
public sealed class DpopOverHttpTests(ProofScene scene) : IClassFixture<ProofScene>, IDisposable
{
    private readonly ProvingAgent _agent = new();
    private readonly HttpClient _http = scene.CreateClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Uri Target => new(scene.First, "/tool/items/1?a=b");

    public static TheoryData<string, string, string> WrongProofs => new()
    {
        { "none", "invalid_token", "no DPoP proof" },
        { "two", "invalid_dpop_proof", "only one" },
        { "garbage", "invalid_dpop_proof", "malformed" },
        { "foreign key", "invalid_token", "jkt" },
        { "foreign signature", "invalid_dpop_proof", "signature" },
        { "typ", "invalid_dpop_proof", "typ" },
        { "alg", "invalid_dpop_proof", "alg" },
        { "private jwk", "invalid_dpop_proof", "jwk" },
        { "crit", "invalid_dpop_proof", "header" },
        { "htm", "invalid_dpop_proof", "htm" },
        { "htu", "invalid_dpop_proof", "htu" },
        { "old", "invalid_dpop_proof", "iat" },
        { "future", "invalid_dpop_proof", "iat" },
        { "ath", "invalid_dpop_proof", "ath" },
    };

    [Fact]
    public async Task Call_WithAProof_IsServedAndTheUpstreamSeesNeitherTokenNorProof()
    {
        scene.Upstream.Clear();
        var token = _agent.BoundToken(scene.Issuer);
        using var request = _agent.Request(Target, token);
        using var response = await _http.SendAsync(request, Stop);

        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Stop));
        Assert.False(response.Headers.Contains("DPoP-Nonce"));
        var seen = scene.Upstream.Single;
        Assert.Empty(seen.Values("DPoP"));
        Assert.DoesNotContain(token, seen.ToString(), StringComparison.Ordinal);
        var logged = await scene.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.ApiActivity, WorkloadIssuer.AgentId()), (logged.ClassUid(), logged.Agent()));
        Assert.True(logged.GetProperty("unmapped").GetProperty("gateway").GetProperty("proof_of_possession").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(WrongProofs))]
    public async Task Call_WithAWrongProof_Is401AndTheRecordNamesTheCheck(string fault, string error, string check)
    {
        scene.Upstream.Clear();
        var token = _agent.BoundToken(scene.Issuer);
        using var request = _agent.Request(Target, token);
        request.Headers.Remove("DPoP");
        foreach (var proof in Proofs(fault, token))
        {
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        }

        using var response = await _http.SendAsync(request, Stop);

        var detail = await scene.AssertRefusedAsync(response, ProofScene.DpopChallenge(error));
        Assert.Contains(check, detail, StringComparison.Ordinal);
        var answer = await response.Content.ReadAsStringAsync(Stop);
        foreach (var secret in Proofs(fault, token).Append(token).SelectMany(t => t.Split('.')).Where(p => p.Length > 8))
        {
            Assert.DoesNotContain(secret, answer, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, detail, StringComparison.Ordinal);
        }

        Assert.Equal(fault == "none", !answer.Contains("The call log names the check", StringComparison.Ordinal));
        Assert.DoesNotContain(token, scene.Logs.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithAProofAgain_IsRefusedAtEveryListener()
    {
        var token = _agent.BoundToken(scene.Issuer);

        // The same URL leads to both listeners, as behind a load balancer.
        var target = new Uri("https://gateway.example/tool/items/1");
        var proof = _agent.Proof("GET", target, token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(scene.Second, token, proof));
        scene.Upstream.Clear();
        using var again = await SendAsync(scene.Second, token, proof);
        Assert.Contains("jti", await scene.AssertRefusedAsync(again, ProofScene.DpopChallenge("invalid_dpop_proof")), StringComparison.Ordinal);

        // Another proof, made for the other listener, with an identifier that was used.
        proof = _agent.Proof("GET", new Uri(scene.Second, "/tool/items/1"), token, claims => claims["jti"] = "one");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(scene.Second, token, proof));
        proof = _agent.Proof("GET", new Uri(scene.First, "/tool/items/1"), token, claims => claims["jti"] = "one");
        scene.Upstream.Clear();
        using var elsewhere = await SendAsync(scene.First, token, proof);
        Assert.Contains("jti", await scene.AssertRefusedAsync(elsewhere, ProofScene.DpopChallenge("invalid_dpop_proof")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_SixtyFourTimesAtOnceWithOneProof_IsServedOnce()
    {
        scene.Upstream.Clear();
        var token = _agent.BoundToken(scene.Issuer);
        var proof = _agent.Proof("GET", new Uri(scene.First, "/tool/items/1"), token);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => StatusAsync(scene.First, token, proof)));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(63, statuses.Count(s => s == HttpStatusCode.Unauthorized));
        Assert.Single(scene.Upstream.Requests);
    }

    [Fact]
    public async Task Call_HostHeader_NeitherHelpsNorHurts()
    {
        scene.Upstream.Clear();
        var token = _agent.BoundToken(scene.Issuer);
        var elsewhere = new Uri("http://elsewhere.example/tool/items/1");
        using var relayed = await SendAsync(scene.First, token, _agent.Proof("GET", elsewhere, token), host: "elsewhere.example");
        Assert.Contains("htu", await scene.AssertRefusedAsync(relayed, ProofScene.DpopChallenge("invalid_dpop_proof")), StringComparison.Ordinal);

        using var good = await SendAsync(scene.First, token, _agent.Proof("GET", new Uri(scene.First, "/tool/items/1"), token), host: "elsewhere.example");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task Call_ByLocalhost_IsServedByALoopbackListener()
    {
        var token = _agent.BoundToken(scene.Issuer);
        var target = new Uri($"http://localhost:{scene.First.Port}/tool/items/1");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(scene.First, token, _agent.Proof("GET", target, token)));
    }

    [Fact]
    public async Task Call_ToAListenerThatDoesNotKnowItsUrl_IsRefusedAndTheRecordSaysWhatToConfigure()
    {
        scene.Upstream.Clear();
        var token = _agent.BoundToken(scene.Issuer);
        using var response = await SendAsync(scene.Unknown, token, _agent.Proof("GET", new Uri(scene.Unknown, "/tool/items/1"), token));
        Assert.Contains("ExternalUrls", await scene.AssertRefusedAsync(response, ProofScene.DpopChallenge("invalid_dpop_proof")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization", "DPoP ", true)]
    [InlineData("Proxy-Authorization", "DPoP ", true)]
    [InlineData("Gateway-Identity", "", true)]
    [InlineData("X-Api-Key", "", true)]
    [InlineData("Authorization", "Bearer ", false)]
    [InlineData("Proxy-Authorization", "Bearer ", false)]
    public async Task Call_BoundTokenWithItsProof_IsServedUnlessItComesAsBearer(string header, string prefix, bool served)
    {
        scene.Upstream.Clear();
        var token = _agent.BoundToken(scene.Issuer);
        using var request = new HttpRequestMessage(HttpMethod.Get, Target);
        request.Headers.TryAddWithoutValidation(header, prefix + token);
        request.Headers.TryAddWithoutValidation("DPoP", _agent.Proof("GET", Target, token));
        using var response = await _http.SendAsync(request, Stop);
        if (served)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotContain(token, scene.Upstream.Single.ToString(), StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("Bearer", await scene.AssertRefusedAsync(response, ProofScene.DpopChallenge("invalid_token")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Call_UnboundTokenWithTheDpopScheme_IsRefused()
    {
        scene.Upstream.Clear();
        using var request = _agent.Request(new Uri(scene.First, "/open/x"), scene.Issuer.Token());
        using var response = await _http.SendAsync(request, Stop);
        Assert.Contains("not bound", await scene.AssertRefusedAsync(response, "Bearer realm=\"gateway\", error=\"invalid_token\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ProofBesideAnUnboundToken_ProvesNothing()
    {
        scene.Upstream.Clear();
        var token = scene.Issuer.Token();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(scene.First, "/open/x"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        request.Headers.TryAddWithoutValidation("DPoP", _agent.Proof("GET", request.RequestUri!, token));
        using var response = await _http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(scene.Upstream.Single.Values("DPoP"));
        var logged = await scene.Log.SingleAsync(response.CallId(), Stop);
        Assert.False(logged.GetProperty("unmapped").GetProperty("gateway").GetProperty("proof_of_possession").GetBoolean());

        using var unproven = new HttpRequestMessage(HttpMethod.Get, Target);
        unproven.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        unproven.Headers.TryAddWithoutValidation("DPoP", _agent.Proof("GET", Target, token));
        using var denied = await _http.SendAsync(unproven, Stop);
        await Problem.AssertAsync(denied, HttpStatusCode.Forbidden, "policy_denied", Stop);
    }

    public void Dispose()
    {
        _agent.Dispose();
        _http.Dispose();
    }

    private string[] Proofs(string fault, string token)
    {
        using var stranger = new ProvingAgent();
        string With(Action<JsonObject>? claims = null, Action<JsonObject>? header = null) => _agent.Proof("GET", Target, token, claims, header);
        return fault switch
        {
            "none" => [],
            "two" => [With(), With()],
            "garbage" => ["eyJ.eyJ"],
            "foreign key" => [stranger.Proof("GET", Target, token)],
            "foreign signature" => [With()[..^86] + stranger.Proof("GET", Target, token)[^86..]],
            "typ" => [With(header: h => h["typ"] = "JWT")],
            "alg" => [With(header: h => h["alg"] = "none")],
            "private jwk" => [With(header: h => h["jwk"]!["d"] = "AQAB")],
            "crit" => [With(header: h => h["crit"] = new JsonArray("x"))],
            "htm" => [With(c => c["htm"] = "POST")],
            "htu" => [With(c => c["htu"] = new Uri(scene.Second, "/tool/items/1").ToString())],
            "old" => [With(c => c["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 40)],
            "future" => [With(c => c["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 40)],
            "ath" => [_agent.Proof("GET", Target, scene.Issuer.Token())],
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    private async Task<HttpResponseMessage> SendAsync(Uri listener, string token, string proof, string? host = null)
    {
        using var request = _agent.Request(new Uri(listener, "/tool/items/1"), token, proof);
        request.Headers.Host = host;
        return await _http.SendAsync(request, Stop);
    }

    private async Task<HttpStatusCode> StatusAsync(Uri listener, string token, string proof)
    {
        using var response = await SendAsync(listener, token, proof);
        return response.StatusCode;
    }
}
