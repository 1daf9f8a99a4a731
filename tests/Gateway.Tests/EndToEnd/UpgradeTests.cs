using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Tests.EndToEnd;

/// <summary>A request to change protocols changes neither what policy has decided on nor what can be scrubbed.</summary>
public sealed class UpgradeTests(StaticToolScene scene) : IClassFixture<StaticToolScene>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "websocket")]
    [InlineData("GET", "WebSocket")]
    [InlineData("POST", "websocket")]
    [InlineData("DELETE", "websocket")]
    [InlineData("GET", "h2c, websocket")]
    public async Task Upgrade_ToWebSocket_IsRefusedInWords(string method, string protocol)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync(
            $"{method} /bearer/items/1",
            $"Connection: Upgrade\r\nUpgrade: {protocol}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");

        Assert.True((400, "request_malformed") == (response.Status, response.Reason), $"{response.Status}: {response.Body}");
        Assert.Empty(scene.Upstream.Requests);
        var logged = await scene.Gateway.Log.SingleAsync(response.Headers["Gateway-Call"], Stop);
        Assert.Equal(("request_malformed", false), (logged.Reason(), logged.Forwarded()));
    }

    /// <summary>RFC 8441: the same wish in HTTP/2.</summary>
    [Fact]
    public async Task ExtendedConnect_ToWebSocket_ReachesNoUpstream()
    {
        scene.Upstream.Clear();
        using var expected = X509CertificateLoader.LoadCertificateFromFile(scene.CertificateFile);
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => expected.Equals(certificate);
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(scene.Gateway.Https, "/bearer/items/1"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Protocol = "websocket";
        request.Headers.Add("Gateway-Identity", scene.Issuer.Token());

        using var response = await client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(scene.Upstream.Requests);
    }

    [Theory]
    [InlineData("Connection: Upgrade\r\nUpgrade: SPDY/3\r\n", "")]
    [InlineData("Connection: Upgrade\r\nUpgrade: SPDY/3\r\n", "abc")]
    [InlineData("Connection: Upgrade\r\nUpgrade: SPDY/3.1, foo\r\n", "")]
    [InlineData("Connection: Upgrade\r\nUpgrade: SPDY/3.1, foo\r\n", "abc")]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "")]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "abc")]
    [InlineData("Upgrade: h2c\r\n", "")]
    [InlineData("Upgrade: h2c\r\n", "abc")]
    [InlineData("Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n", "")]
    [InlineData("Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n", "abc")]
    public async Task Upgrade_ToAnythingElse_IsDroppedAndTheMethodStays(string headers, string body)
    {
        scene.Upstream.Clear();

        var response = await scene.SendRawAsync("POST /bearer/items", $"{headers}Content-Length: {body.Length}\r\n", body);

        Assert.True(response.Status == 200, $"{response.Status}: {response.Body}");
        var seen = scene.Upstream.Single;
        Assert.Equal(("POST", "/items", body), (seen.Method, seen.Target, System.Text.Encoding.UTF8.GetString(seen.Body)));
        Assert.Empty(seen.Values("Upgrade"));
        Assert.Empty(seen.Values("HTTP2-Settings"));
        Assert.DoesNotContain(seen.Values("Connection"), v => v.Contains("upgrade", StringComparison.OrdinalIgnoreCase));
        Assert.Equal($"Bearer {scene.Secret}", seen.Value("Authorization"));
    }
}
