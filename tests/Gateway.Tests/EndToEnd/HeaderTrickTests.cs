namespace Gateway.Tests.EndToEnd;

/// <summary>An agent can neither shadow nor fake what is injected, nor get its identity to an upstream, nor a second request past policy.</summary>
public sealed class HeaderTrickTests(StaticToolScene scene) : IClassFixture<StaticToolScene>
{
    private const string Fake = "agents-own-value";

    private static readonly string[] Tools = ["bearer", "keyed", "cookie"];

    /// <summary>Each with one header that would take the injected one's place, or add to it.</summary>
    public static TheoryData<string, string> Shadows
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] own =
            [
                $"Authorization: Bearer {Fake}\r\n",
                $"authorization: Basic {Fake}\r\n",
                $"AUTHORIZATION: {Fake}\r\n",
                $"Authorization: Bearer {Fake}\r\nAuthorization: Basic {Fake}\r\n",
                $"X-Api-Key: {Fake}\r\n",
                $"x-api-key: {Fake}\r\nX-API-KEY: {Fake}\r\n",
                $"X_Api_Key: {Fake}\r\n",
                $"X-Api_Key: {Fake}\r\n",
                $"X_HTTP_Method_Override: {Fake}\r\nX-HTTP_Method: {Fake}\r\nX_Original_URL: /{Fake}\r\n",
                $"Connection: Authorization, X-Api-Key, Cookie\r\nX-Api-Key: {Fake}\r\n",
                $"Connection: close, authorization\r\nAuthorization: {Fake}\r\n",
                $"Proxy-Connection: {Fake}\r\nKeep-Alive: {Fake}\r\nConnection: keep-alive\r\n",
            ];
            foreach (var tool in Tools)
            {
                foreach (var headers in own)
                {
                    data.Add(tool, headers);
                }
            }

            // Elsewhere a cookie is the agent's own business.
            data.Add("cookie", $"Cookie: session={Fake}\r\n");
            data.Add("cookie", $"Cookie: a=b\r\nCookie: session={Fake}\r\n");
            data.Add("cookie", $"Connection: Cookie\r\nCookie: session={Fake}\r\n");

            // The injected name is the one with the underscore here.
            data.Add("underscored", $"api_key: {Fake}\r\n");
            data.Add("underscored", $"api-key: {Fake}\r\n");
            data.Add("underscored", $"API-Key: {Fake}\r\nApi_Key: {Fake}\r\n");
            return data;
        }
    }

    /// <summary>Header lines that no two servers read alike.</summary>
    public static TheoryData<string, string> Malformed => new()
    {
        { "bare LF in a value", "X-Note: a\nX-Api-Key: b\r\n" },
        { "bare CR in a value", "X-Note: a\rX-Api-Key: b\r\n" },
        { "NUL in a value", "X-Note: a\0b\r\n" },
        { "a folded line", "X-Note: a\r\n X-Api-Key: b\r\n" },
        { "a space before the colon", "X-Api-Key : b\r\n" },
        { "a line without a colon", "X-Api-Key\r\n" },
        { "an empty name", ": b\r\n" },
        { "a space in a name", "X Api Key: b\r\n" },
        { "NUL in a name", "X-Api\0Key: b\r\n" },
        { "two lengths", "Content-Length: 3\r\nContent-Length: 4\r\n" },
        { "a list of lengths", "Content-Length: 3, 3\r\n" },
        { "a negative length", "Content-Length: -3\r\n" },
        { "an unknown transfer coding", "Transfer-Encoding: xchunked\r\n" },
        { "chunked that is not the last coding", "Transfer-Encoding: chunked, identity\r\n" },
        { "two hosts", "Host: other.test\r\n" },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Shadows))]
    public async Task Header_ThatWouldShadowTheInjectedOne_NeverReachesTheUpstream(string tool, string headers)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync($"GET /{tool}/items/1", headers);

        Assert.True(response.Status == 200, $"{response.Status}: {response.Body}");
        var seen = scene.Upstream.Single;
        Assert.DoesNotContain(Fake, seen.ToString(), StringComparison.Ordinal);
        AssertInjected(tool, seen);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("keyed")]
    [InlineData("cookie")]
    public async Task Header_OfTheGatewayItself_NeverReachesTheUpstream(string tool)
    {
        scene.Upstream.Clear();
        var token = scene.Issuer.Token();

        var response = await RawHttp.SendAsync(
            scene.Gateway.Agents,
            $"GET /{tool}/items/1 HTTP/1.1\r\nHost: gateway.test\r\nProxy-Authorization: Bearer {token}\r\nGateway-Identity: {token}\r\n" +
            $"Authorization: Bearer {token}\r\nX-Api-Key: {token}\r\nGateway-Intent: {Fake}\r\nGateway_Task: {Fake}\r\n" +
            $"X-Forwarded-For: {Fake}\r\nForwarded: for={Fake}\r\nTraceparent: 00-{new string('a', 32)}-{new string('b', 16)}-01\r\n\r\n",
            Stop);

        Assert.True(response.Status == 200, $"{response.Status}: {response.Body}");
        var seen = scene.Upstream.Single;
        Assert.DoesNotContain(token, seen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Fake, seen.ToString(), StringComparison.Ordinal);
        Assert.Equal(new Uri(scene.Upstream.Url).Authority, seen.Value("Host"));
        AssertInjected(tool, seen);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Header_Malformed_ReachesNoUpstream(string what, string headers)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync("POST /bearer/items", headers, "abc");

        Assert.True(response.Status is 400, $"{what}: {response.Status} {response.Body}");
        Assert.Empty(scene.Upstream.Requests);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("Gateway-Identity")]
    [InlineData("Proxy-Authorization")]
    [InlineData("X-Api-Key")]
    public async Task Identity_InTwoHeadersOfOneName_IsRefused(string header)
    {
        scene.Upstream.Clear();
        var scheme = header.EndsWith("Authorization", StringComparison.Ordinal) ? "Bearer " : "";

        var response = await RawHttp.SendAsync(
            scene.Gateway.Agents,
            $"GET /bearer/items/1 HTTP/1.1\r\nHost: gateway.test\r\n{header}: {scheme}{scene.Issuer.Token()}\r\n{header}: {scheme}{scene.Issuer.Token("boss")}\r\n\r\n",
            Stop);

        Assert.Equal((401, "identity_invalid"), (response.Status, response.Reason));
        Assert.Empty(scene.Upstream.Requests);
    }

    [Theory]
    [InlineData("Gateway-Intent: read\u0001it\r\n")]
    [InlineData("Gateway-Intent: read\u001b[31mit\r\n")]
    [InlineData("Gateway-Intent: one\r\nGateway-Intent: two\r\n")]
    [InlineData("X-HTTP-Method-Override: DELETE\r\n")]
    [InlineData("X-Original-URL: /admin\r\n")]
    public async Task Header_ThatChangesWhatTheRequestIs_IsRefusedInWords(string headers)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync("GET /bearer/items/1", headers);

        Assert.True((400, "request_malformed") == (response.Status, response.Reason), $"{response.Status} {response.Reason}: {response.Body}");
        Assert.Empty(scene.Upstream.Requests);
    }

    /// <summary>Request smuggling: whatever the gateway makes of the body's end, the upstream makes the same of it.</summary>
    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nGET /bearer/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\nGET /bearer/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nAuthorization: agents-own-value\r\n\r\n")]
    [InlineData("Content-Length: 3\r\n", "abcGET /bearer/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("Content-Length: +3\r\n", "abcGET /bearer/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\nContent-Length: 3\r\n", "abc")]
    [InlineData("Transfer-Encoding:\tchunked\r\n", "3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "3 \r\nabc\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "3;x=\ny\r\nabc\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "0x3\r\nabc\r\n0\r\n\r\n")]
    public async Task Body_WithTwoPossibleEnds_SmugglesNothing(string headers, string body)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync("POST /bearer/items", headers, body);

        Assert.True(response.Status is 200 or 400, $"{response.Status}: {response.Body}");

        // What follows on the same connection comes without identity and ends at the gateway.
        await Task.Delay(TimeSpan.FromMilliseconds(100), Stop);
        Assert.True(scene.Upstream.Requests.Count <= 1);
        Assert.All(scene.Upstream.Requests, seen =>
        {
            Assert.Equal("/items", seen.Target);
            Assert.DoesNotContain("smuggled", seen.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Fake, seen.ToString(), StringComparison.Ordinal);
            AssertInjected("bearer", seen);
        });
    }

    [Fact]
    public async Task Log_AfterHostileHeaders_HoldsWholeLinesAndNoSecret()
    {
        scene.Upstream.Clear();
        var response = await scene.SendRawAsync("GET /bearer/items/1", "Gateway-Intent: {\"class_uid\":1}\\n\\u0000 \u00c3\u00a9\r\nUser-Agent: a\"b\\\r\n");
        Assert.True(response.Status == 200, $"{response.Status}: {response.Body}");

        var logged = await scene.Gateway.Log.SingleAsync(response.Headers["Gateway-Call"], Stop);
        Assert.Equal(CallLog.ApiActivity, logged.ClassUid());
        Canary.AssertAbsentFrom(scene.Gateway, scene.Secret);
    }

    private void AssertInjected(string tool, RecordedRequest seen)
    {
        string[] bearer = tool == "bearer" ? [$"Bearer {scene.Secret}"] : [];
        string[] key = tool == "keyed" ? [scene.Secret] : [];
        string[] underscored = tool == "underscored" ? [scene.Secret] : [];
        Assert.Equal(bearer, seen.Values("Authorization"));
        Assert.Equal(key, seen.Values("X-Api-Key"));
        Assert.Equal(underscored, seen.Values("api_key"));
        Assert.Empty(seen.Values("api-key"));
        Assert.Empty(seen.Values("X_Api_Key"));
        Assert.Empty(seen.Values("Proxy-Authorization"));
        Assert.DoesNotContain(seen.Headers, h => h.Key.StartsWith("Gateway", StringComparison.OrdinalIgnoreCase));
        if (tool == "cookie")
        {
            Assert.Equal($"session={scene.Secret}", seen.Value("Cookie"));
        }
    }
}
