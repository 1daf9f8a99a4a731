namespace Gateway.Tests.EndToEnd;

/// <summary>An https listener with PEM files, called by curl.</summary>
public sealed class TlsListenerTests(StaticToolScene scene) : IClassFixture<StaticToolScene>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task Call_OverTls_IsForwardedAndRecorded(string option, string version)
    {
        scene.Upstream.Clear();
        await using var curl = Curl.Start(
            option, "--cacert", scene.CertificateFile, "--dump-header", "-", "--header", $"Authorization: Bearer {scene.Issuer.Token()}",
            "--write-out", "\n%{http_version}", new Uri(scene.Gateway.Https, "/bearer/items/1?a=b").ToString());

        Assert.True(await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop) == 0, curl.Output);

        Assert.EndsWith($"\n{version}", curl.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("/items/1?a=b", scene.Upstream.Single.Target);
        Assert.Equal($"Bearer {scene.Secret}", scene.Upstream.Single.Value("Authorization"));
        var call = curl.Output.Split('\n').Single(l => l.StartsWith("gateway-call:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
        var logged = await scene.Gateway.Log.SingleAsync(call, Stop);
        Assert.Equal(version, logged.Text("http_request", "version"));
    }

    [Fact]
    public async Task Call_InClearTextToTheTlsListener_ReachesNoUpstream()
    {
        scene.Upstream.Clear();

        var response = await RawHttp.SendAsync(
            scene.Gateway.Https, $"GET /bearer/items/1 HTTP/1.1\r\nHost: a\r\nGateway-Identity: {scene.Issuer.Token()}\r\n\r\n", Stop);

        Assert.NotEqual(200, response.Status);
        Assert.Empty(scene.Upstream.Requests);
    }

    [Fact]
    public async Task Call_FromAClientThatDoesNotTrustTheCertificate_Fails()
    {
        await using var curl = Curl.Start(new Uri(scene.Gateway.Https, "/bearer/items/1").ToString());

        Assert.Equal(60, await curl.WaitForExitAsync(TimeSpan.FromSeconds(30), Stop));
    }
}
