using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Core.Credentials;
using Gateway.Core.Tests.Credentials;
using Gateway.Integrations.OAuth2;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.OAuth2;

public sealed class ClientCredentialsProviderTests : IDisposable
{
    private const string ClientSecret = "canary-client-9d2b";
    private const string ServerSecret = "canary-server-55e1";

    private readonly TokenEndpointClient _client = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task IssueAsync_Basic_FormEncodesIdAndSecret()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(200, """{"access_token":"t.o-k_e~n+/==","token_type":"bearer","expires_in":60}""");
        // The text of RFC 6749 appendix B, with what would break a plain Basic header.
        var provider = Provider(Settings(endpoint.Url) with { ClientId = "a:b %&+£€" }, secret: "s:*~ ü");

        var before = TimeProvider.System.GetUtcNow();
        var issued = await provider.IssueAsync(Request(), Cancellation);

        var (authorization, form) = Assert.Single(endpoint.Requests);
        var pair = Encoding.ASCII.GetString(Convert.FromBase64String(authorization!["Basic ".Length..]));
        Assert.Equal("a%3Ab+%25%26%2B%C2%A3%E2%82%AC:s%3A%2A~+%C3%BC", pair);
        Assert.Equal(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = "read" }, form);
        Assert.Equal("t.o-k_e~n+/==", issued.Fields["token"].Reveal());
        Assert.Equal("t.o-k_e~n+/==", issued.Fields["access_token"].Reveal());
        Assert.Equal(ClientCredentialsProvider.FieldNames, issued.Fields.Keys);
        Assert.InRange(issued.ExpiresAt!.Value, before.AddSeconds(60), TimeProvider.System.GetUtcNow().AddSeconds(60));
    }

    [Fact]
    public async Task IssueAsync_PostWithAllParameters_SendsThemInTheForm()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(200, """{"access_token":"token","token_type":"BEARER"}""");
        var provider = Provider(Settings(endpoint.Url) with
        {
            ClientAuthentication = ClientAuthenticationMethod.Post,
            Resource = "https://api.example/",
            Audience = "api",
        });

        var issued = await provider.IssueAsync(Request(scope: "write all"), Cancellation);

        var (authorization, form) = Assert.Single(endpoint.Requests);
        Assert.Null(authorization);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["scope"] = "write all",
                ["resource"] = "https://api.example/",
                ["audience"] = "api",
                ["client_id"] = "gw",
                ["client_secret"] = ClientSecret,
            },
            form);
        Assert.Null(issued.ExpiresAt);
    }

    [Theory]
    [InlineData("3600", 3600)]
    [InlineData("\"3600\"", 3600)]
    [InlineData("3599.7", 3599)]
    [InlineData("1", 1)]
    [InlineData("null", null)]
    public async Task IssueAsync_ExpiresInThatMakesSense_IsUsed(string value, int? seconds)
    {
        await using var endpoint = await TokenEndpoint.StartAsync(200, $$"""{"access_token":"token","token_type":"Bearer","expires_in":{{value}}}""");

        var before = TimeProvider.System.GetUtcNow();
        var issued = await Provider(Settings(endpoint.Url)).IssueAsync(Request(), Cancellation);

        if (seconds is null)
        {
            Assert.Null(issued.ExpiresAt);
            return;
        }

        Assert.InRange(issued.ExpiresAt!.Value, before.AddSeconds(seconds.Value), before.AddSeconds(seconds.Value + 30));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.5")]
    [InlineData("1e300")]
    [InlineData("99999999999")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"\"")]
    [InlineData("\" 60\"")]
    [InlineData("\"-60\"")]
    [InlineData("\"canary-server-55e1\"")]
    [InlineData("true")]
    [InlineData("[60]")]
    [InlineData("{}")]
    public async Task IssueAsync_ExpiresInThatMakesNone_IsRefused(string value) =>
        await AssertFailsAsync(
            200,
            $$"""{"access_token":"{{ServerSecret}}","token_type":"Bearer","expires_in":{{value}}}""",
            "answered 200 with an expires_in that is not a sensible number of seconds.");

    [Theory]
    [InlineData("<html><body>token=canary-server-55e1</body></html>", "with something that is not JSON")]
    [InlineData("", "with something that is not JSON")]
    [InlineData("{\"access_token\":\"canary-server-55e1\"", "with something that is not JSON")]
    [InlineData("{\"access_token\":\"canary-server-55e1\",\"access_token\":\"b\",\"token_type\":\"Bearer\"}", "with something that is not JSON")]
    [InlineData("{\"access_token\":\"\\ud800\",\"token_type\":\"Bearer\",\"x\":\"canary-server-55e1\"}", "with something that is not JSON")]
    [InlineData("[\"canary-server-55e1\"]", "with JSON that is not an object")]
    [InlineData("\"canary-server-55e1\"", "with JSON that is not an object")]
    [InlineData("{\"token\":\"canary-server-55e1\"}", "without an access_token")]
    [InlineData("{\"access_token\":{\"a\":\"canary-server-55e1\"}}", "without an access_token")]
    [InlineData("{\"access_token\":\"\",\"token_type\":\"Bearer\"}", "without an access_token")]
    [InlineData("{\"access_token\":\"canary-server-55e1\"}", "with a token_type other than Bearer")]
    [InlineData("{\"access_token\":\"canary-server-55e1\",\"token_type\":\"DPoP\"}", "with a token_type other than Bearer")]
    [InlineData("{\"access_token\":\"canary-server-55e1 x\",\"token_type\":\"Bearer\"}", "with an access_token that has characters no bearer token may have")]
    [InlineData("{\"access_token\":\"canary-server-55e1\\r\\nX: 1\",\"token_type\":\"Bearer\"}", "with an access_token that has characters no bearer token may have")]
    [InlineData("{\"access_token\":\"a=canary-server-55e1\",\"token_type\":\"Bearer\"}", "with an access_token that has characters no bearer token may have")]
    [InlineData("{\"access_token\":\"==\",\"token_type\":\"Bearer\"}", "with an access_token that has characters no bearer token may have")]
    public async Task IssueAsync_AnswerThatIsNoToken_IsRefusedWithoutRepeatingIt(string body, string problem) =>
        await AssertFailsAsync(200, body, $"answered 200 {problem}.");

    [Theory]
    [InlineData(401, """{"error":"invalid_client","error_description":"canary-client-9d2b is wrong"}""", "answered 401 invalid_client.")]
    [InlineData(400, """{"error":"invalid_scope"}""", "answered 400 invalid_scope.")]
    [InlineData(400, """{"error":"canary-server-55e1"}""", "answered 400.")]
    [InlineData(400, """{"error":["invalid_scope"]}""", "answered 400.")]
    [InlineData(400, """"invalid_scope"""", "answered 400.")]
    [InlineData(500, "canary-server-55e1", "answered 500.")]
    [InlineData(201, """{"access_token":"canary-server-55e1","token_type":"Bearer"}""", "answered 201.")]
    public async Task IssueAsync_Refusal_NamesStatusAndRegisteredCodeOnly(int status, string body, string expected) =>
        await AssertFailsAsync(status, body, expected);

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/plain")]
    public async Task IssueAsync_ErrorPageInPlaceOfAToken_IsRefused(string contentType) =>
        await AssertFailsAsync(
            200, """{"access_token":"canary-server-55e1","token_type":"Bearer"}""", "answered 200 with something that is not JSON.", contentType);

    [Fact]
    public async Task IssueAsync_Redirect_IsNotFollowed()
    {
        await using var elsewhere = await TokenEndpoint.StartAsync(200, """{"access_token":"token","token_type":"Bearer"}""");
        await using var endpoint = await TokenEndpoint.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = elsewhere.Url + "?" + ServerSecret;
            return Task.CompletedTask;
        });

        await AssertFailsAsync(Settings(endpoint.Url), $"token endpoint {endpoint.Url.Authority} answered 307.");

        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task IssueAsync_Cookie_IsNotSentBack()
    {
        var cookies = new List<string>();
        await using var endpoint = await TokenEndpoint.StartAsync(context =>
        {
            cookies.AddRange(context.Request.Cookies.Keys);
            context.Response.Cookies.Append("session", "x");
            return TokenEndpoint.WriteAsync(context, 200, """{"access_token":"token","token_type":"Bearer"}""");
        });
        var provider = Provider(Settings(endpoint.Url));

        await provider.IssueAsync(Request(), Cancellation);
        await provider.IssueAsync(Request(), Cancellation);

        Assert.Equal(2, endpoint.Requests.Count);
        Assert.Empty(cookies);
    }

    [Fact]
    public async Task IssueAsync_EndlessBody_IsCutOff()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            var part = Encoding.ASCII.GetBytes(new string(' ', 16 * 1024));
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
            }
        });

        await AssertFailsAsync(Settings(endpoint.Url), $"token endpoint {endpoint.Url.Authority} answered 200 with more than 64 KiB.");
    }

    [Fact]
    public async Task IssueAsync_EndpointDown_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var authority = listener.LocalEndpoint.ToString();
        listener.Stop();

        await AssertFailsAsync(Settings(new Uri($"http://{authority}/token")), $"token endpoint {authority}: no connection.");
    }

    [Fact]
    public async Task IssueAsync_EndpointSpeaksSomethingElse_DoesNotRepeatIt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var authority = listener.LocalEndpoint.ToString();
        var served = Task.Run(
            async () =>
            {
                using var connection = await listener.AcceptTcpClientAsync(Cancellation);
                // HttpClient's own exception quotes a line like this one.
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{ServerSecret}\r\n\r\n"), Cancellation);
                await Task.Delay(100, Cancellation);
            },
            Cancellation);

        await AssertFailsAsync(Settings(new Uri($"http://{authority}/token")), $"token endpoint {authority}: the answer is not HTTP.");
        await served.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task IssueAsync_ConnectionBreaksInTheBody_SaysSo()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync($"{{\"access_token\":\"{ServerSecret}", Cancellation);
            await context.Response.Body.FlushAsync(Cancellation);
            context.Abort();
        });

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(
            async () => await Provider(Settings(endpoint.Url)).IssueAsync(Request(), Cancellation));

        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        Assert.StartsWith($"credential 'partner': token endpoint {endpoint.Url.Authority}: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IssueAsync_CallerCancels_IsACancellation()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Provider(Settings(endpoint.Url)).IssueAsync(Request(), cancel.Token));
    }

    [Fact]
    public async Task IssueAsync_EndpointSlow_GivesUpAtTheTimeout()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        // The body drips: each byte arrives in time, the answer never does.
        await using var dripping = await TokenEndpoint.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(" "u8.ToArray(), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(20, context.RequestAborted);
            }
        });
        using var client = new TokenEndpointClient(new HastyClock(50));

        foreach (var url in new[] { endpoint.Url, dripping.Url })
        {
            var provider = new ClientCredentialsProvider("partner", Settings(url), new FixedSecret(ClientSecret), client, TimeProvider.System);
            var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await provider.IssueAsync(Request(), Cancellation));
            Assert.Equal($"credential 'partner': token endpoint {url.Authority}: no answer within 10 s.", failure.Message);
        }
    }

    [Fact]
    public async Task LeaseStore_SixtyFourConcurrentFirstCalls_SendOneTokenRequest()
    {
        var number = 0;
        await using var endpoint = await TokenEndpoint.StartAsync(async context =>
        {
            await Task.Delay(50, context.RequestAborted);
            await TokenEndpoint.WriteAsync(context, 200, $$"""{"access_token":"token-{{Interlocked.Increment(ref number)}}","token_type":"Bearer","expires_in":600}""");
        });
        var ledger = new MemoryLedger();
        var book = new RevocationBook(ledger, ledger, TimeProvider.System, NullLogger<RevocationBook>.Instance);
        using var store = new LeaseStore(TimeProvider.System, NullLogger<LeaseStore>.Instance, new LeaseStoreOptions(), book, ledger, ledger);
        var definition = new CredentialDefinition { Name = "partner", Provider = Provider(Settings(endpoint.Url)), Inject = [InjectionTemplate.Bearer] };

        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(
            async () => await store.AcquireAsync(Request().Key, definition, null, null, Cancellation), Cancellation)));

        Assert.Single(endpoint.Requests);
        foreach (var result in results)
        {
            using var outgoing = new HttpRequestMessage();
            Assert.True(store.TryGet(result.Reference!, out var lease));
            lease.ApplyTo(outgoing);
            Assert.Equal("Bearer token-1", outgoing.Headers.Authorization!.ToString());
        }
    }

    [Theory]
    [InlineData("http://idp.example/token", nameof(ClientCredentialsSettings.TokenEndpoint))]
    [InlineData("ftp://idp.example/token", nameof(ClientCredentialsSettings.TokenEndpoint))]
    [InlineData("https://user:pass@idp.example/token", nameof(ClientCredentialsSettings.TokenEndpoint))]
    [InlineData("https://idp.example/token#x", nameof(ClientCredentialsSettings.TokenEndpoint))]
    [InlineData("/token", nameof(ClientCredentialsSettings.TokenEndpoint))]
    [InlineData("https://idp.example/token", null)]
    [InlineData("http://127.0.0.1:9/token", null)]
    [InlineData("http://localhost:9/token", null)]
    public void Validate_TokenEndpoint_IsHttpsOrLoopback(string url, string? property) =>
        Assert.Equal(property, Settings(new Uri(url, UriKind.RelativeOrAbsolute)).Validate().SingleOrDefault().Property);

    [Fact]
    public void Validate_SeveralMistakes_NamesEach() =>
        Assert.Equal(
            ["TokenEndpoint", "ClientId", "Resource"],
            (Settings(new Uri("http://idp.example/")) with { ClientId = " ", Resource = "api" }).Validate().Select(e => e.Property));

    private static ClientCredentialsSettings Settings(Uri url) => new()
    {
        TokenEndpoint = url,
        ClientId = "gw",
        ClientSecret = new SecretReference("secret", "partner"),
        Scope = "read",
    };

    private static IssueRequest Request(string scope = "") => new(new LeaseKey("agent", "", "tool", "partner", scope), null, new NoteLedger());

    private ClientCredentialsProvider Provider(ClientCredentialsSettings settings, string secret = ClientSecret) =>
        new("partner", settings, new FixedSecret(secret), _client, TimeProvider.System);

    private async Task AssertFailsAsync(int status, string body, string expected, string contentType = "application/json")
    {
        await using var endpoint = await TokenEndpoint.StartAsync(status, body, contentType);
        await AssertFailsAsync(Settings(endpoint.Url), $"token endpoint {endpoint.Url.Authority} {expected}");
    }

    private async Task AssertFailsAsync(ClientCredentialsSettings settings, string expected)
    {
        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await Provider(settings).IssueAsync(Request(), Cancellation));

        Assert.Equal($"credential 'partner': {expected}", failure.Message);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal); // the inner exceptions' text included
    }

    /// <summary>Runs timers fifty times as fast.</summary>
    private sealed class HastyClock(int factor) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / factor : dueTime, period);
    }
}
