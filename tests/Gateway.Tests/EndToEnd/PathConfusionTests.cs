namespace Gateway.Tests.EndToEnd;

/// <summary>What policy judged is what is sent; a target that could be read in two ways is sent to nobody.</summary>
public sealed class PathConfusionTests(StaticToolScene scene) : IClassFixture<StaticToolScene>
{
    private const string Malformed = "request_malformed";

    /// <summary>Targets, and what the gateway says of them. A reason of null: the server itself refuses, before the gateway sees a request.</summary>
    public static TheoryData<string, int, string?> Refused => new()
    {
        // Out of one tool and into the next.
        { "/bearer/../other/x", 400, Malformed },
        { "/bearer/%2e%2e/other/x", 400, Malformed },
        { "/bearer/.%2E/other/x", 400, Malformed },
        { "/bearer/%2E./other/x", 400, Malformed },
        { "/bearer/a/../../other/x", 400, Malformed },
        { "/bearer/..", 400, Malformed },
        { "/bearer/./x", 400, Malformed },
        { "/bearer/.", 400, Malformed },
        { "/bearer/%2e", 400, Malformed },
        { "/bearer/..;/other/x", 400, Malformed },
        { "/bearer/..;a=b/other/x", 400, Malformed },
        { "/bearer/%2e%2e;/other/x", 400, Malformed },
        { "/bearer/..%3b/other/x", 400, Malformed },
        { "/./bearer/x", 400, Malformed },
        { "/../bearer/x", 400, Malformed },

        // Separators in disguise.
        { "/bearer//x", 400, Malformed },
        { "//bearer/x", 400, Malformed },
        { "/bearer/x//", 400, Malformed },
        { "/bearer/a%2fb", 400, Malformed },
        { "/bearer/a%2Fb", 400, Malformed },
        { "/bearer%2fx", 400, Malformed },
        { "/bearer/..%2fother/x", 400, Malformed },
        { "/bearer/a%5cb", 400, Malformed },
        { "/bearer/a%5Cb", 400, Malformed },
        { "/bearer/a\\b", 400, Malformed },
        { "/bearer\\..\\other\\x", 400, Malformed },

        // Encoded more than once.
        { "/bearer/%252e%252e/other/x", 400, Malformed },
        { "/bearer/a%252fb", 400, Malformed },
        { "/bearer/a%25252Fb", 400, Malformed },
        { "/bearer/a%255cb", 400, Malformed },
        { "/bearer/%2561dmin", 400, Malformed },

        // Not what it should be.
        { "/bearer/x%00", 400, null },
        { "/bearer/x%00.json", 400, null },
        { "/bearer/x%0d%0aX-Api-Key:%20a", 400, Malformed },
        { "/bearer/%c0%ae%c0%ae/other/x", 400, Malformed },
        { "/bearer/%c0%af", 400, Malformed },
        { "/bearer/%e0%80%ae", 400, Malformed },
        { "/bearer/%ff", 400, Malformed },
        { "/bearer/%", 400, Malformed },
        { "/bearer/%2", 400, Malformed },
        { "/bearer/%zz", 400, Malformed },
        { "/bearer/%u002e%u002e/other", 400, Malformed },
        { "/bearer/x#y", 400, Malformed },
        { "/bearer/x?y#z", 400, Malformed },
        { "/bearer/\u00e4", 400, null },
        { "*", 405, null },
        { "bearer/x", 400, null },

        // Names of tools are exact.
        { "/BEARER/x", 404, "tool_unknown" },
        { "/Bearer/x", 404, "tool_unknown" },
        { "/%62earer/x", 404, "tool_unknown" },
        { "/bearer./x", 404, "tool_unknown" },
        { "/bearerx", 404, "tool_unknown" },
        { "/bearer;a=b/x", 404, "tool_unknown" },
        { "/", 404, "tool_unknown" },

        // Another tool, openly.
        { "/other/x", 403, "policy_denied" },
        { "/other", 403, "policy_denied" },
    };

    /// <summary>Everything that a server could take for <c>DELETE /admin</c>, which policy forbids.</summary>
    public static TheoryData<string, int, string?> AdminInDisguise => new()
    {
        { "DELETE /bearer/admin", 403, "policy_denied" },
        { "DELETE /bearer/admin?x=1", 403, "policy_denied" },
        { "DELETE /bearer/%61dmin", 403, "policy_denied" },
        { "DELETE /bearer/%61%64%6D%69%6e", 403, "policy_denied" },
        { "DELETE /bearer/%2561dmin", 400, Malformed },
        { "DELETE /bearer/ADMIN", 400, Malformed },
        { "DELETE /bearer/%41dmin", 400, Malformed },
        { "DELETE /bearer/admin/", 400, Malformed },
        { "DELETE /bearer/admin;x=1", 400, Malformed },
        { "DELETE /bearer/admin%3bx=1", 400, Malformed },
        { "DELETE /bearer/admin.", 400, Malformed },
        { "DELETE /bearer/admin%20", 400, Malformed },
        { "DELETE /bearer/;x/admin", 400, Malformed },
        { "DELETE /bearer/./admin", 400, Malformed },
        { "DELETE /bearer/x/../admin", 400, Malformed },
        { "DELETE /bearer//admin", 400, Malformed },
        { "delete /bearer/admin", 400, Malformed },
        { "Delete /bearer/admin", 400, Malformed },
    };

    /// <summary>What an upstream receives, byte for byte.</summary>
    public static TheoryData<string, string> Forwarded => new()
    {
        { "/bearer/items/1", "/items/1" },
        { "/bearer/items/a%20b", "/items/a%20b" },
        { "/bearer/items/%C3%A4", "/items/%C3%A4" },
        { "/bearer/items/%c3%a4", "/items/%c3%a4" },
        { "/bearer/items/%7Euser", "/items/%7Euser" },
        { "/bearer/items/~user", "/items/~user" },
        { "/bearer/items/a+b", "/items/a+b" },
        { "/bearer/items/a:b@c,d'e(f)g!h*i$j=k", "/items/a:b@c,d'e(f)g!h*i$j=k" },
        { "/bearer/items/...", "/items/..." },
        { "/bearer/items/.hidden", "/items/.hidden" },
        { "/bearer/items/100%25", "/items/100%25" },
        { "/bearer/items/1?q=%2F..%2f&r=../x", "/items/1?q=%2F..%2f&r=../x" },
        { "/bearer/items/1?url=http://example.com//a%5Cb", "/items/1?url=http://example.com//a%5Cb" },
        { "/bearer/items/1?a[]=1&b={x}|y", "/items/1?a[]=1&b={x}|y" },
        { "/bearer/items/1?", "/items/1?" },
        { "/bearer/items/1??a=?b", "/items/1??a=?b" },
        { "/bearer/items/1?q=100%", "/items/1?q=100%" },
        { "/bearer/", "/" },
        { "/bearer", "/" },
        { "/bearer?x=1", "/?x=1" },
        { "/bearer/?x=1", "/?x=1" },

        // The upstream has a path of its own.
        { "/based", "/base/v1" },
        { "/based/", "/base/v1/" },
        { "/based?x=1", "/base/v1?x=1" },
        { "/based/items/a%20b?q=%2F", "/base/v1/items/a%20b?q=%2F" },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Refused))]
    public Task Target_AmbiguousOrUnknown_ReachesNoUpstream(string target, int status, string? reason) =>
        AssertRefusedAsync($"GET {target}", status, reason);

    [Theory]
    [MemberData(nameof(AdminInDisguise))]
    public Task Operation_InAnyDisguise_IsNotForwardedUnderAnotherPolicy(string requestLine, int status, string? reason) =>
        AssertRefusedAsync(requestLine, status, reason);

    [Fact]
    public Task Target_AsteriskForm_ReachesNoUpstream() => AssertRefusedAsync("OPTIONS *", 400, Malformed);

    [Fact]
    public Task Target_AbsoluteForm_ReachesNoUpstream() =>
        AssertRefusedAsync($"GET {scene.Gateway.Agents}bearer/items/1", 400, Malformed);

    [Fact]
    public Task Target_AbsoluteFormOfAnotherHost_ReachesNoUpstream() => AssertRefusedAsync("GET http://other.test/bearer/items/1", 400, null);

    [Theory]
    [InlineData("TRACE /bearer/items/1")]
    [InlineData("TRACK /bearer/items/1")]
    public Task Method_ThatEchoesTheRequest_ReachesNoUpstream(string requestLine) => AssertRefusedAsync(requestLine, 400, Malformed);

    [Theory]
    [MemberData(nameof(Forwarded))]
    public async Task Target_Unambiguous_IsForwardedByteForByte(string target, string expected)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync($"GET {target}", "Connection: close\r\n");

        Assert.True(response.Status == 200, $"{response.Status}: {response.Body}");
        Assert.Equal(expected, scene.Upstream.Single.Target);
    }

    [Theory]
    [InlineData("/bearer/../other/x")]
    [InlineData("/bearer/%2e%2e/other/x")]
    [InlineData("/bearer//items/1")]
    [InlineData("/bearer/a%2fb")]
    public async Task Target_AmbiguousFromCurl_IsRefusedInWords(string target)
    {
        scene.Upstream.Clear();
        await using var curl = Curl.Start(
            "--path-as-is", "--header", $"Authorization: Bearer {scene.Issuer.Token()}", "--write-out", "\n%{http_code}", $"{scene.Gateway.Agents.ToString().TrimEnd('/')}{target}");

        Assert.Equal(0, await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.Contains($"\"reason\":\"{Malformed}\"", curl.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n400", curl.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(scene.Upstream.Requests);
    }

    private async Task AssertRefusedAsync(string requestLine, int status, string? reason)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync(requestLine, "Connection: close\r\n");

        Assert.True((status, reason) == (response.Status, response.Reason), $"Expected {status} {reason}, got {response.Status} {response.Reason}: {response.Body}");
        Assert.Empty(scene.Upstream.Requests);
        if (reason is not null)
        {
            var logged = await scene.Gateway.Log.SingleAsync(response.Headers["Gateway-Call"], Stop);
            Assert.Equal((reason, status, false), (logged.Reason(), logged.Status(), logged.Forwarded()));
        }
    }
}
