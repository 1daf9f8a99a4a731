using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary>What an agent is told of a refused identity, and what the call log is told.</summary>
public sealed class IdentityOverHttpTests(StaticToolScene scene) : IClassFixture<StaticToolScene>
{
    private static readonly long LongAgo = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Faults, the reason the agent is given, and a word of the record that names the failed check.</summary>
    public static TheoryData<string, string, string> Faults => new()
    {
        { "expired", "identity_invalid", "exp" },
        { "not yet valid", "identity_invalid", "nbf" },
        { "wrong audience", "identity_invalid", "aud" },
        { "wrong issuer", "identity_invalid", "issuer" },
        { "alg none", "identity_invalid", "alg" },
        { "foreign key", "identity_invalid", "signature" },
        { "truncated", "identity_invalid", "malformed" },
        { "bound to a key", "proof_required", "cnf" },
        { "100 kB", "identity_invalid", "larger" },
    };

    [Fact]
    public async Task Call_WithoutIdentity_Is401WithAChallengeAndNoError()
    {
        scene.Upstream.Clear();

        using var response = await scene.Gateway.Client.GetAsync(new Uri("/bearer/items/1", UriKind.Relative), Stop);

        await Problem.AssertAsync(response, HttpStatusCode.Unauthorized, "identity_missing", Stop);
        Assert.Equal("Bearer realm=\"gateway\"", Assert.Single(response.Headers.WwwAuthenticate).ToString());
        await AssertRecordedAsync(response, "identity_missing");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Call_WithAnUnacceptableToken_Is401AndTheRecordNamesTheCheck(string fault, string reason, string check)
    {
        scene.Upstream.Clear();
        var token = Token(fault);

        using var response = await scene.Gateway.SendAsync(HttpMethod.Get, "/bearer/items/1", token, Stop);

        var body = (await Problem.AssertAsync(response, HttpStatusCode.Unauthorized, reason, Stop)).GetRawText();
        Assert.All(Parts(token), part => Assert.DoesNotContain(part, body, StringComparison.Ordinal));
        var challenge = Assert.Single(response.Headers.WwwAuthenticate).ToString();
        Assert.StartsWith($"{(reason == "proof_required" ? "DPoP" : "Bearer")} realm=\"gateway\", error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        var detail = await AssertRecordedAsync(response, reason);
        Assert.Contains(check, detail, StringComparison.OrdinalIgnoreCase);
        Assert.All(Parts(token), part => Assert.DoesNotContain(part, detail, StringComparison.Ordinal));
        Assert.All(Parts(token), part => Assert.DoesNotContain(part, scene.Gateway.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_WithTheTokenAsBasicPassword_IsServed()
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"x-access-token:{scene.Issuer.Token()}"));
        await AssertServedAsync(request => request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials));
    }

    [Fact]
    public Task Call_WithTheTokenAsApiKey_IsServed() =>
        AssertServedAsync(request => request.Headers.Add("X-Api-Key", scene.Issuer.Token()));

    [Fact]
    public Task Call_WithTheTokenInGatewayIdentityAndADummyKey_IsServed() => AssertServedAsync(request =>
    {
        request.Headers.Add("Gateway-Identity", scene.Issuer.Token());
        request.Headers.Add("X-Api-Key", "sk-dummy");
    });

    private static IEnumerable<string> Parts(string token) => token.Split('.').Where(p => p.Length > 8);

    private string Token(string fault)
    {
        using var stranger = new WorkloadIssuer();
        return fault switch
        {
            "expired" => scene.Issuer.TokenWith("exp", LongAgo),
            "not yet valid" => scene.Issuer.TokenWith("nbf", DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()),
            "wrong audience" => scene.Issuer.TokenWith("aud", "somebody-else"),
            "wrong issuer" => scene.Issuer.TokenWith("iss", "https://elsewhere.test"),
            "alg none" => WorkloadIssuer.UnsignedToken(),
            "foreign key" => stranger.Token(),
            "truncated" => scene.Issuer.Token()[..^90],
            "bound to a key" => scene.Issuer.TokenWith("cnf", new { jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }),
            "100 kB" => scene.Issuer.TokenWith("padding", new string('x', 75_000)),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    /// <returns>The record's sentence for the SOC.</returns>
    private async Task<string> AssertRecordedAsync(HttpResponseMessage response, string reason)
    {
        Assert.Empty(scene.Upstream.Requests);
        var logged = await scene.Gateway.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.Authentication, 401, reason), (logged.ClassUid(), logged.Status(), logged.Reason()));
        return logged.Text("status_detail") ?? "";
    }

    private async Task AssertServedAsync(Action<HttpRequestMessage> identify)
    {
        scene.Upstream.Clear();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/bearer/items/1");
        identify(request);

        using var response = await scene.Gateway.Client.SendAsync(request, Stop);

        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal($"Bearer {scene.Secret}", scene.Upstream.Single.Value("Authorization"));
        var logged = await scene.Gateway.Log.SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.ApiActivity, WorkloadIssuer.AgentId()), (logged.ClassUid(), logged.Agent()));
    }
}
