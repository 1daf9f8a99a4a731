using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Core.Credentials;
using Gateway.Core.Policy;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.DecisionPoints;
using Gateway.Integrations.Opa;
using Gateway.Integrations.Secrets;
using Gateway.Integrations.Tests.OAuth2;
using Gateway.Integrations.Tests.Oidc;
using Microsoft.AspNetCore.Http;

namespace Gateway.Integrations.Tests.DecisionPoints;

public sealed class DecisionPointTests
{
    private const string Allowed = """{"result":true}""";

    private readonly LogSink _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500, "The policy decision point answered with status 500.")]
    [InlineData(401, "The policy decision point answered with status 401.")]
    [InlineData(201, "The policy decision point answered with status 201.")]
    public async Task Ask_OtherStatus_DeniesWhateverTheBodySays(int status, string cause)
    {
        using var asking = new Asking();
        await using var server = await PolicyServer.StartAsync(PolicyServer.Text(Allowed, status));
        var point = asking.Point(new Uri(server.Url));

        AssertDeny(await AskAsync(point), cause);
        Assert.Equal(cause, point.Problem);
    }

    [Fact]
    public async Task Ask_Redirect_IsNotFollowed()
    {
        using var asking = new Asking();
        await using var other = await PolicyServer.StartAsync(Allowed);
        await using var server = await PolicyServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = other.Url;
            return Task.CompletedTask;
        });

        AssertDeny(await AskAsync(asking.Point(new Uri(server.Url))), "The policy decision point answered with status 307.");
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Ask_LargestAnswer_IsReadAndALargerOneIsNot()
    {
        using var asking = new Asking();
        await using var server = await PolicyServer.StartAsync(Padded(DecisionPointClient.MaximumAnswerBytes));
        var point = asking.Point(new Uri(server.Url));

        Assert.True((await AskAsync(point)).Permitted);
        server.Answer = PolicyServer.Text(Padded(DecisionPointClient.MaximumAnswerBytes + 1));
        AssertDeny(await AskAsync(point), "The policy decision point's answer is larger than 64 KiB.");

        static string Padded(int length) => Allowed.PadRight(length);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"result\":true}", "The policy decision point's answer broke off.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n", "The policy decision point's answer broke off.")]
    [InlineData("garbage-canary\r\n\r\n", "The policy decision point's answer was not valid HTTP.")]
    public async Task Ask_BrokenHttp_DeniesWithoutItsWords(string answer, string cause)
    {
        using var asking = new Asking { Logger = _log };
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeOnceAsync(listener, answer);

        AssertDeny(await AskAsync(asking.Point(new Uri($"http://{listener.LocalEndpoint}"))), cause);

        await serving;
        Assert.All(_log.Lines, line => Assert.DoesNotContain("canary", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ask_SlowAnswer_DeniesWhenTheTimeIsUp()
    {
        var clock = new TestClock();
        using var asking = new Asking { Clock = clock };
        await using var server = await PolicyServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var point = asking.Point(new Uri(server.Url));

        var pending = AskAsync(point);
        await Eventually.HoldsAsync(() => !server.Requests.IsEmpty, "the server was asked");
        Assert.False(pending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));

        AssertDeny(await pending, "The policy decision point did not answer within 2 s.");
    }

    [Fact]
    public async Task Ask_AnswerThatTrickles_DeniesWhenTheTimeIsUp()
    {
        var clock = new TestClock();
        using var asking = new Asking { Clock = clock };
        await using var server = await PolicyServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{\"result\":", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        AssertDeny(await AskAsync(asking.Point(new Uri(server.Url))), "The policy decision point did not answer within 2 s.");
    }

    [Fact]
    public async Task Ask_AgentGoes_TheRequestIsCancelledAndNotHeldAgainstTheServer()
    {
        using var asking = new Asking { Logger = _log };
        var aborted = new TaskCompletionSource();
        await using var server = await PolicyServer.StartAsync(async context =>
        {
            using var registration = context.RequestAborted.Register(aborted.SetResult);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var point = asking.Point(new Uri(server.Url));
        using var agent = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var pending = point.AskAsync([(byte)'{', (byte)'}'], Asking.Call, new OpaAnswerReader("p").Read, agent.Token).AsTask();
        await Eventually.HoldsAsync(() => !server.Requests.IsEmpty, "the server was asked");
        await agent.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await aborted.Task.WaitAsync(Stop);
        Assert.Null(point.Problem);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Ask_ServerDownAndUpAgain_DeniesAtOnceAndRecovers()
    {
        var clock = new TestClock();
        using var asking = new Asking { Clock = clock, Logger = _log };
        var server = await PolicyServer.StartAsync(Allowed);
        var url = new Uri(server.Url);
        var point = asking.Point(url);
        Assert.True((await AskAsync(point)).Permitted);
        await server.DisposeAsync();

        for (var i = 0; i < CircuitBreaker.Threshold; i++)
        {
            Assert.StartsWith("The policy decision point", Assert.Single((await AskAsync(point)).Errors), StringComparison.Ordinal);
        }

        Assert.Equal("The policy decision point could not be reached.", point.Problem);
        await using var again = await PolicyServer.StartAsync(PolicyServer.Text(Allowed), url.Port);
        var unreached = 0;
        while (!(await AskAsync(point)).Permitted)
        {
            // A first failure may have been a kept connection that broke, which does not count as unreached.
            Assert.True(++unreached < 3, "It did not recover.");
            Assert.Empty(again.Requests);
            clock.Advance(CircuitBreaker.Pause);
        }

        Assert.Null(point.Problem);
        Assert.Contains(_log.Lines, l => l.Contains("5000", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, l => l.Contains("5001", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ask_NobodyListens_AsksNobodyWhileThePauseLasts()
    {
        var clock = new TestClock();
        using var asking = new Asking { Clock = clock };
        var port = FreePort();
        var point = asking.Point(new Uri($"http://127.0.0.1:{port}"));
        for (var i = 0; i < CircuitBreaker.Threshold; i++)
        {
            AssertDeny(await AskAsync(point), "The policy decision point could not be reached.");
        }

        await using var server = await PolicyServer.StartAsync(PolicyServer.Text(Allowed), port);

        AssertDeny(await AskAsync(point), "The policy decision point has not been answering, and is asked again in a moment.");
        Assert.Empty(server.Requests);
        clock.Advance(CircuitBreaker.Pause);
        Assert.True((await AskAsync(point)).Permitted);
        Assert.True((await AskAsync(point)).Permitted);
    }

    [Fact]
    public async Task Ask_ServerAnswersWithErrors_IsAskedAllTheSame()
    {
        // Who can provoke errors must not be able to have the others denied.
        using var asking = new Asking();
        await using var server = await PolicyServer.StartAsync(PolicyServer.Text("{}", 500));
        var point = asking.Point(new Uri(server.Url));
        for (var i = 0; i < 3 * CircuitBreaker.Threshold; i++)
        {
            Assert.False((await AskAsync(point)).Permitted);
        }

        server.Answer = PolicyServer.Text(Allowed);

        Assert.True((await AskAsync(point)).Permitted);
        Assert.Null(point.Problem);
    }

    [Fact]
    public async Task Ask_AThousandTimesFromEightCallers_NeedsEightConnections()
    {
        using var asking = new Asking();
        await using var server = await PolicyServer.StartAsync(Allowed);
        var engine = asking.Opa(server.Url);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 125; i++)
            {
                Assert.True((await engine.DecideAsync(Asking.Request, Stop)).Permitted);
            }
        }));

        Assert.Equal(1_000, server.Requests.Count);
        Assert.InRange(server.Connections, 1, 8);
    }

    [Fact]
    public async Task Ask_MoreThanCanWait_DeniesTheRestAtOnce()
    {
        using var asking = new Asking { Clock = new TestClock() };
        var release = new TaskCompletionSource();
        await using var server = await PolicyServer.StartAsync(async context =>
        {
            await release.Task;
            await PolicyServer.Text(Allowed)(context);
        });
        var point = asking.Point(new Uri(server.Url));
        var waiting = Enumerable.Range(0, DecisionPoint.MaximumPending).Select(_ => AskAsync(point)).ToList();

        AssertDeny(await AskAsync(point).WaitAsync(TimeSpan.FromSeconds(30), Stop), "More calls wait for the policy decision point than it answers.");

        release.SetResult();
        Assert.All(await Task.WhenAll(waiting), decision => Assert.True(decision.Permitted));
        Assert.True((await AskAsync(point)).Permitted);
    }

    [Fact]
    public async Task Ask_WithToken_SendsItAndReadsItAgainInTime()
    {
        var clock = new TestClock();
        var value = "first-canary";
        using var asking = new Asking { Clock = clock, Logger = _log, Token = new SecretReference("env", "PDP"), Secrets = new ChangingSecret(() => value) };
        await using var server = await PolicyServer.StartAsync(Allowed);
        var point = asking.Point(new Uri(server.Url));

        await AskAsync(point);
        value = "second-canary";
        await AskAsync(point);
        clock.Advance(HeaderSecret.MaximumAge);
        await AskAsync(point);

        Assert.Equal(["Bearer first-canary", "Bearer first-canary", "Bearer second-canary"], server.Requests.Select(r => r.Headers["Authorization"]));
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("line\nbreak-canary")]
    [InlineData("")]
    public async Task Ask_TokenNotFitForAHeader_DeniesAndAsksNobody(string token)
    {
        using var asking = new Asking { Logger = _log, Token = new SecretReference("env", "PDP"), Secrets = new FixedSecret(token) };
        await using var server = await PolicyServer.StartAsync(Allowed);

        AssertDeny(await AskAsync(asking.Point(new Uri(server.Url))), "The token for the policy decision point cannot be read.");
        Assert.Empty(server.Requests);
        Assert.All(_log.Lines, line => Assert.DoesNotContain("canary", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ask_TokenUnavailable_Denies()
    {
        using var asking = new Asking
        {
            Token = new SecretReference("env", "PDP"),
            Secrets = new ChangingSecret(() => throw new SecretUnavailableException("env:PDP is not set.")),
        };
        await using var server = await PolicyServer.StartAsync(Allowed);

        AssertDeny(await AskAsync(asking.Point(new Uri(server.Url))), "The token for the policy decision point cannot be read.");
        Assert.Empty(server.Requests);
    }

    private static Task<Decision> AskAsync(DecisionPoint point) =>
        point.AskAsync("{}"u8.ToArray(), Asking.Call, new OpaAnswerReader("p").Read, Stop).AsTask();

    private static void AssertDeny(Decision decision, string cause)
    {
        Assert.False(decision.Permitted);
        Assert.Equal([cause], decision.Errors);
        Assert.Equal(cause, decision.Explanation);
        Assert.Equal("Policy cannot be asked at the moment, so the call is denied; try again later.", decision.Advice);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task ServeOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Stop);
        var stream = client.GetStream();
        var buffer = new byte[4096];
        var read = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, read).EndsWith("{}", StringComparison.Ordinal))
        {
            read += await stream.ReadAsync(buffer.AsMemory(read), Stop);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Stop);
    }

    private sealed class ChangingSecret(Func<string> value) : ISecretSource
    {
        public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken) => new(new SecretValue(value()));
    }
}
