using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary>Bytes that are no ASCII pass or are refused, and no odd header of either side becomes a way out for the credential.</summary>
public sealed class HeaderBytesTests(StaticToolScene scene) : IClassFixture<StaticToolScene>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Header values, one character per byte.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "UTF-8", Bytes("caf\u00e9 \u6771\u4eac") },
        { "UTF-8 beyond the first plane", Bytes("\U0001F511") },
        { "Latin-1, which is not UTF-8", "caf\u00e9" },
        { "half a character", "caf\u00c3" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task AgentsHeader_NotAscii_ArrivesByteForByteOrIsRefused(string what, string value)
    {
        scene.Raw.Answer = RawUpstream.Ok();
        scene.Raw.Clear();

        var response = await scene.SendRawAsync("GET /raw/x", $"X-Note: {value}\r\n");

        if (response.Status == 400)
        {
            Assert.Empty(scene.Raw.Requests);
            Assert.False(what.StartsWith("UTF-8", StringComparison.Ordinal), response.Body);
            return;
        }

        Assert.True(response.Status == 200, $"{what}: {response.Status} {response.Body}");
        Assert.Contains($"\r\nX-Note: {value}\r\n", Assert.Single(scene.Raw.Requests), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AgentsHeader_NotAsciiTimeAndAgain_LeavesTheDestinationHealthy()
    {
        scene.Raw.Answer = RawUpstream.Ok();
        for (var i = 0; i < 15; i++)
        {
            await scene.SendRawAsync("GET /watched/x", $"X-Note: {Bytes("\u6771\u4eac")}\r\nX-Other: \u00e9\r\n");
            await scene.SendRawAsync("GET /watched/x", $"X-Note: {Bytes("\u6771\u4eac")}\r\n");
        }

        var response = await scene.SendRawAsync("GET /watched/x");

        Assert.True(response.Status == 200, $"{response.Status}: {response.Body}");
    }

    [Theory]
    [InlineData("caf\u00e9")]
    [InlineData("caf\u00c3\u00a9")]
    [InlineData("\u0080\u00ff")]
    public async Task UpstreamsHeader_NotAscii_PassesByteForByte(string value)
    {
        scene.Raw.Answer = RawUpstream.Ok($"X-Note: {value}\r\n");

        var response = await scene.SendRawAsync("GET /raw/x");

        Assert.True(response.Status == 200, $"{response.Status}: {response.Body}");
        Assert.Equal(value, response.Headers["X-Note"]);
    }

    [Fact]
    public async Task UpstreamsReasonPhrase_HoldingTheCredential_IsNotPassed()
    {
        scene.Raw.Answer = RawUpstream.Ok(status: $"418 Not {scene.Secret}");

        var response = await scene.SendRawAsync("GET /raw/x");

        Assert.True(response.Status == 418, $"{response.Status}: {response.Body}");
        Canary.AssertAbsent(scene.Secret, response.StatusLine, "The status line");
    }

    /// <summary>Answers that are no HTTP, each with the credential where an error message could quote it.</summary>
    public static TheoryData<string> Malformed => new()
    {
        "HTTP/1.1 200 OK\r\nX Note {0}: a\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\n{0}\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: {0}\r\n\r\nok",
        "HTTP/1.1 {0}\r\nContent-Length: 2\r\n\r\nok",
        "{0}\r\n\r\n",
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task UpstreamsAnswer_MalformedWithTheCredential_Is502AndQuotedNowhere(string answer)
    {
        scene.Raw.Answer = answer.Replace("{0}", scene.Secret, StringComparison.Ordinal);
        var before = scene.Gateway.Output.Length;

        var response = await scene.SendRawAsync("GET /raw/x");

        Assert.True((502, "upstream_unreachable") == (response.Status, response.Reason), $"{response.Status}: {response.Body}");
        Canary.AssertAbsent(scene.Secret, response.Body, "The problem");
        var call = response.Headers["Gateway-Call"];
        Assert.Equal(502, (await scene.Gateway.Log.SingleAsync(call, Stop)).Status());

        // The gateway's own message comes last, so what else there is to say of the call has been printed by then.
        await Eventually.TrueAsync(
            () => Task.FromResult(scene.Gateway.Output.Contains($"Call {call} to tool raw failed", StringComparison.Ordinal)),
            () => $"The failure was not logged:\n{scene.Gateway.Output[before..]}",
            Stop);
        Canary.AssertAbsent(scene.Secret, scene.Gateway.Output[before..], "The gateway's output");
        Canary.AssertAbsentFromFolder(scene.Secret, scene.Gateway.Folder.Path);
    }

    /// <summary>The UTF-8 bytes of a text, one per character.</summary>
    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
