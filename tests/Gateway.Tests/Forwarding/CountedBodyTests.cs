using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Forwarding;

/// <summary>What the log says of a request's body is what went to the upstream.</summary>
public sealed class CountedBodyTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();
    private RecordingUpstream _upstream = null!;
    private InProcessGateway _gateway = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CallLog Log => new(_folder.Combine("audit"));

    public async ValueTask InitializeAsync()
    {
        var tls = ServerCertificate.Write(_folder);
        var trusted = X509CertificateLoader.LoadCertificateFromFile(tls.Certificate);
        _client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { trusted } },
            },
        });
        _upstream = await RecordingUpstream.StartAsync();
        _gateway = await InProcessGateway.StartAsync(_folder, new GatewaySetup
        {
            Identity = _issuer.Configure(_folder),
            Tls = tls,
            Tools = new Dictionary<string, object>
            {
                ["tool"] = new { Path = "/tool", Upstream = _upstream.Url, Credential = "key" },
                ["down"] = new { Path = "/down", Upstream = $"http://127.0.0.1:{FreePort.Next()}", Credential = "key" },
            },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{_folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = """
                @id("all") permit (principal, action, resource);
                @id("denied") forbid (principal, action, resource) when { context.request.path == "/denied" };
                """,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(100_000, false)]
    [InlineData(0, true)]
    [InlineData(100_000, true)]
    public async Task Post_BodyOfAnySize_IsCountedWholeAndArrives(int size, bool chunked)
    {
        var body = new byte[size];
        Random.Shared.NextBytes(body);
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            _upstream.Clear();
            using var content = new ByteArrayContent(body);
            using var response = await SendAsync(HttpMethod.Post, "/tool/x", content, version, chunked);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(body, _upstream.Single.Body);
            var logged = await Log.SingleAsync(response.CallId(), Stop);
            Assert.Equal((version.Major == 2 ? "2" : "1.1", (long?)size), (logged.Text("http_request", "version"), BodyLength(logged)));
        }
    }

    [Fact]
    public async Task Post_AgentWaitsToBeAskedForTheBody_IsCountedToo()
    {
        using var content = new StringContent("now");
        using var request = Request(HttpMethod.Post, "/tool/x", content, HttpVersion.Version11);
        request.Headers.ExpectContinue = true;
        using var response = await _gateway.Client.SendAsync(request, Stop);

        Assert.Equal("now", Encoding.ASCII.GetString(_upstream.Single.Body));
        Assert.Equal(3, BodyLength(await Log.SingleAsync(response.CallId(), Stop)));
    }

    [Fact]
    public async Task Get_WithoutABody_IsRecordedAsNone()
    {
        using var response = await SendAsync(HttpMethod.Get, "/tool/x", null, HttpVersion.Version11);

        Assert.Equal(0, BodyLength(await Log.SingleAsync(response.CallId(), Stop)));
    }

    [Fact]
    public async Task Post_NotForwarded_SaysNothingOfWhatTheAgentClaims()
    {
        using var content = new StringContent("never read");
        using var response = await SendAsync(HttpMethod.Post, "/tool/denied", content, HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null(BodyLength(await Log.SingleAsync(response.CallId(), Stop)));
    }

    [Fact]
    public async Task Post_UpstreamDown_IsRecordedAsNone()
    {
        using var content = new StringContent("never sent");
        using var response = await SendAsync(HttpMethod.Post, "/down/x", content, HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(0, BodyLength(await Log.SingleAsync(response.CallId(), Stop)));
    }

    private static long? BodyLength(JsonElement logged) =>
        logged.GetProperty("http_request").TryGetProperty("body_length", out var length) ? length.GetInt64() : null;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, Version version, bool chunked = false)
    {
        using var request = Request(method, path, content, version);
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        return await (version.Major == 2 ? _client : _gateway.Client).SendAsync(request, Stop);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content, Version version)
    {
        var request = new HttpRequestMessage(method, version.Major == 2 ? new Uri(_gateway.Https, path) : new Uri(path, UriKind.Relative))
        {
            Content = content,
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Gateway-Identity", _issuer.Token());
        return request;
    }
}
