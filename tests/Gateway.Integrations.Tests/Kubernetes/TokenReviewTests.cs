using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;
using Gateway.Core.Identity.Kinds;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Kubernetes;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Secrets;
using Gateway.Integrations.Tests.Oidc;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Kubernetes;

/// <summary>Tokens that verify, and a real API server's word about them.</summary>
public sealed class TokenReviewTests : IAsyncLifetime
{
    private const string Account = "system:serviceaccount:billing:agent";
    private static readonly TimeSpan Cache = TimeSpan.FromSeconds(60);

    private readonly TestClock _clock = new();
    private readonly TestIssuer _issuer = new();
    private TestCluster _cluster = null!;
    private ClusterClient _client = null!;
    private JwtAuthenticator _authenticator = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(_issuer);
        Authenticate(_cluster.Definition, Cache);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Review_GoodToken_AsksOnceWithOurAudienceAndTheGatewaysToken()
    {
        var token = Token();

        var first = await AcceptAsync(token);
        Assert.Same(first, await AcceptAsync(token));

        Assert.Equal($"test:{Account}", first.Id);
        var review = Assert.Single(_cluster.Reviews);
        Assert.Equal("TokenReview", review.GetProperty("kind").GetString());
        Assert.Equal("authentication.k8s.io/v1", review.GetProperty("apiVersion").GetString());
        Assert.Equal(token, review.GetProperty("spec").GetProperty("token").GetString());
        Assert.Equal(TestIssuer.Audience, Assert.Single(review.GetProperty("spec").GetProperty("audiences").EnumerateArray()).GetString());
        Assert.Equal($"Bearer {TestCluster.GatewayToken}", Assert.Single(_cluster.Requests).Authorization);
    }

    [Fact]
    public async Task Review_PodDeleted_TokenIsRefusedOnceTheClustersWordIsOld()
    {
        var token = Token();
        await AcceptAsync(token);
        _cluster.Answer = (_, context) => TestCluster.DisownAsync(context);

        _clock.Advance(Cache - TimeSpan.FromTicks(1));
        await AcceptAsync(token);
        _clock.Advance(TimeSpan.FromTicks(1));
        await RefuseAsync(token, IdentityFailure.ReviewRefused);
        Assert.Equal(0, _authenticator.CachedTokens);
    }

    [Fact]
    public async Task Review_Refused_IsAskedAgainOnlyAfterAWhile()
    {
        var token = Token();
        _cluster.Answer = (_, context) => TestCluster.DisownAsync(context);
        await RefuseAsync(token, IdentityFailure.ReviewRefused);
        await RefuseAsync(token, IdentityFailure.ReviewRefused);
        Assert.Single(_cluster.Reviews);

        _cluster.Answer = (_, context) => TestCluster.VouchAsync(context, Account);
        _clock.Advance(TokenReviewer.RefusalCache);
        await AcceptAsync(token);
    }

    [Fact]
    public async Task Review_ManyCallsAtOnce_ShareOneQuestion()
    {
        var token = Token();
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        _cluster.Answer = async (_, context) =>
        {
            asked.TrySetResult();
            await answer.Task;
            await TestCluster.VouchAsync(context, Account);
        };

        var calls = Enumerable.Range(0, 100).Select(_ => Task.Run(() => AcceptAsync(token))).ToArray();
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        answer.SetResult();
        await Task.WhenAll(calls);

        Assert.Single(_cluster.Reviews);
    }

    [Fact]
    public async Task Review_FirstCallerGoesAway_TheOthersStillGetTheAnswer()
    {
        var token = Token();
        var answer = new TaskCompletionSource();
        _cluster.Answer = async (_, context) =>
        {
            await answer.Task;
            await TestCluster.VouchAsync(context, Account);
        };
        using var impatience = new CancellationTokenSource();

        var impatient = _authenticator.AuthenticateAsync(token, impatience.Token).AsTask();
        var patient = AcceptAsync(token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        answer.SetResult();
        await patient;

        Assert.Single(_cluster.Reviews);
    }

    public static TheoryData<string> WorthlessAnswers =>
    [
        """{}""",
        """{"status":{}}""",
        """{"status":{"authenticated":false,"user":{"username":"system:serviceaccount:billing:agent"},"audiences":["gateway"]}}""",
        """{"status":{"authenticated":"true","user":{"username":"system:serviceaccount:billing:agent"},"audiences":["gateway"]}}""",
        """{"status":{"authenticated":true,"user":{"username":"system:serviceaccount:billing:other"},"audiences":["gateway"]}}""",
        """{"status":{"authenticated":true,"user":{},"audiences":["gateway"]}}""",
        """{"status":{"authenticated":true,"audiences":["gateway"]}}""",
        """{"status":{"authenticated":true,"user":{"username":"system:serviceaccount:billing:agent"},"audiences":["other"]}}""",
        """{"status":{"authenticated":true,"user":{"username":"system:serviceaccount:billing:agent"},"audiences":[]}}""",
        """{"status":{"authenticated":true,"user":{"username":"system:serviceaccount:billing:agent"}}}""",
        """{"status":{"authenticated":true,"user":{"username":"system:serviceaccount:billing:agent"},"audiences":"gateway"}}""",
        """{"status":{"authenticated":false,"authenticated":true,"user":{"username":"system:serviceaccount:billing:agent"},"audiences":["gateway"]}}""",
        """[]""",
        """not json""",
    ];

    [Theory]
    [MemberData(nameof(WorthlessAnswers))]
    public async Task Review_AnswerThatDoesNotVouch_IsRefused(string body)
    {
        _cluster.Answer = (_, context) =>
        {
            context.Response.StatusCode = 201;
            return context.Response.WriteAsync(body);
        };

        var result = (await _authenticator.AuthenticateAsync(Token(), TestContext.Current.CancellationToken)).Prove(default);

        Assert.False(result.Succeeded);
        Assert.Contains(result.Failure, (IdentityFailure[])[IdentityFailure.ReviewRefused, IdentityFailure.ReviewUnavailable]);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Review_OtherStatus_IsRefusedAndNotFollowed(int status)
    {
        _cluster.Answer = (_, context) =>
        {
            context.Response.Headers.Location = "/apis/authentication.k8s.io/v1/tokenreviews?again";
            return TestCluster.JsonAsync(context, new { status = new { authenticated = true, user = new { username = Account }, audiences = new[] { "gateway" } } }, status);
        };

        await RefuseAsync(Token(), IdentityFailure.ReviewUnavailable);
        Assert.Single(_cluster.Requests);
    }

    [Fact]
    public async Task Review_EndlessAnswer_IsRefused()
    {
        _cluster.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 201;
            var chunk = new byte[64 * 1024];
            for (var i = 0; i < 64 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(chunk, CancellationToken.None);
            }
        };

        await RefuseAsync(Token(), IdentityFailure.ReviewUnavailable);
    }

    [Fact]
    public async Task Review_NoAnswerInTime_IsRefusedAndAskedAgainSoon()
    {
        var token = Token();
        var gone = new TaskCompletionSource();
        _cluster.Answer = async (_, context) => await gone.Task.WaitAsync(context.RequestAborted);
        var waiting = RefuseAsync(token, IdentityFailure.ReviewUnavailable);
        await Eventually.HoldsAsync(() => _cluster.Reviews.Count == 1, "the cluster was asked");
        _clock.Advance(TimeSpan.FromSeconds(5));
        await waiting;

        _cluster.Answer = (_, context) => TestCluster.VouchAsync(context, Account);
        _clock.Advance(TokenReviewer.FailureCache);
        await AcceptAsync(token);
    }

    [Fact]
    public async Task Review_ApiServerDown_RefusesKnownTokensTooOnceTheirReviewIsOld()
    {
        var token = Token();
        await AcceptAsync(token);
        await _cluster.DisposeAsync();

        await AcceptAsync(token);
        _clock.Advance(Cache);
        await RefuseAsync(token, IdentityFailure.ReviewUnavailable);
    }

    [Fact]
    public async Task Review_TokenThatDoesNotVerify_IsNeverSent()
    {
        await RefuseAsync(new TestIssuer().Token(Claims), IdentityFailure.SignatureInvalid);
        await RefuseAsync(_issuer.Token(claims =>
        {
            Claims(claims);
            claims["aud"] = "somebody-else";
        }), IdentityFailure.AudienceInvalid);

        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public async Task Review_CacheOfZero_AsksForEveryCall()
    {
        _client.Dispose();
        Authenticate(_cluster.Definition, TimeSpan.Zero);
        var token = Token();

        await AcceptAsync(token);
        await AcceptAsync(token);
        _cluster.Answer = (_, context) => TestCluster.DisownAsync(context);
        await RefuseAsync(token, IdentityFailure.ReviewRefused);

        Assert.Equal(3, _cluster.Reviews.Count);
        Assert.Equal(0, _authenticator.CachedTokens);
    }

    [Fact]
    public async Task Review_TokenExpiresWhileTheClusterThinks_IsRefused()
    {
        var answer = new TaskCompletionSource();
        _cluster.Answer = async (_, context) =>
        {
            await answer.Task;
            await TestCluster.VouchAsync(context, Account);
        };
        var token = _issuer.Token(Claims);
        _clock.Advance(TimeSpan.FromSeconds(329));
        var waiting = RefuseAsync(token, IdentityFailure.Expired);
        await Eventually.HoldsAsync(() => _cluster.Reviews.Count == 1, "the cluster was asked");
        _clock.Advance(TimeSpan.FromSeconds(2));
        answer.SetResult();
        await waiting;
    }

    [Fact]
    public async Task Review_GatewaysTokenReplaced_IsReadAnew()
    {
        await AcceptAsync(Token("1"));
        _cluster.ExpectedToken = "gateway-token-2";
        await RefuseAsync(Token("2"), IdentityFailure.ReviewUnavailable);

        await File.WriteAllTextAsync(_cluster.TokenFile, "gateway-token-2", TestContext.Current.CancellationToken);
        await AcceptAsync(Token("3"));
    }

    [Theory]
    [InlineData("two lines\nof it")]
    [InlineData("")]
    public async Task Review_GatewaysTokenUnusable_IsRefusedWithoutARequest(string token)
    {
        await File.WriteAllTextAsync(_cluster.TokenFile, token, TestContext.Current.CancellationToken);

        await RefuseAsync(Token(), IdentityFailure.ReviewUnavailable);
        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public async Task Review_ServerOfAnotherAuthority_IsNotTold()
    {
        await File.WriteAllTextAsync(_cluster.CaFile, TestCluster.Certificates("127.0.0.1").Authority, TestContext.Current.CancellationToken);
        await RefuseAsync(Token("1"), IdentityFailure.ReviewUnavailable);

        File.Delete(_cluster.CaFile);
        await RefuseAsync(Token("2"), IdentityFailure.ReviewUnavailable);
        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public async Task Review_ServerOfAnotherName_IsNotTold()
    {
        _client.Dispose();
        Authenticate(_cluster.Definition with { ApiServer = new Uri($"https://localhost:{_cluster.Url.Port}") }, Cache);

        await RefuseAsync(Token(), IdentityFailure.ReviewUnavailable);
        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public async Task Catalog_KeysOnTheApiServer_AreFetchedWithItsAuthorityAndTheGatewaysToken()
    {
        using var catalog = Catalog();

        var authenticator = new JwtAuthenticator(catalog.Apply([Definition(_cluster.Definition, Cache) with { JwksUri = new Uri(_cluster.Url, "/openid/v1/jwks") }]), _clock);
        var result = (await authenticator.AuthenticateAsync(Token(), TestContext.Current.CancellationToken)).Prove(default);

        Assert.True(result.Succeeded, $"{result.Failure}");
        Assert.Equal(["/openid/v1/jwks", "/apis/authentication.k8s.io/v1/tokenreviews"], _cluster.Requests.Select(r => r.Path));
        Assert.All(_cluster.Requests, r => Assert.Equal($"Bearer {TestCluster.GatewayToken}", r.Authorization));
    }

    [Fact]
    public async Task Catalog_KeysElsewhere_DoNotCostTheGatewaysToken()
    {
        await using var elsewhere = await TestIssuerServer.StartAsync(_issuer);
        var authorization = "none";
        elsewhere.Keys = context =>
        {
            authorization = context.Request.Headers.Authorization.ToString();
            return context.Response.WriteAsync(TestIssuer.JwkSet(_issuer));
        };
        using var catalog = Catalog();

        var definition = Definition(_cluster.Definition, Cache) with { JwksUri = new Uri($"{elsewhere.Issuer}/jwks") };
        var result = (await new JwtAuthenticator(catalog.Apply([definition]), _clock).AuthenticateAsync(Token(), TestContext.Current.CancellationToken)).Prove(default);

        Assert.True(result.Succeeded, $"{result.Failure}");
        Assert.Equal("", authorization);
    }

    [Fact]
    public void Catalog_SameClusterAgain_KeepsTheInstance_AndAnotherDoesNot()
    {
        using var catalog = Catalog();
        var definition = Definition(_cluster.Definition, Cache) with { JwksUri = new Uri(_cluster.Url, "/openid/v1/jwks") };

        var first = catalog.Apply([definition]).All[0];
        Assert.Same(first, catalog.Apply([definition with { Cluster = _cluster.Definition }]).All[0]);
        var longer = catalog.Apply([definition with { TokenReview = new TokenReviewRules(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5)) }]).All[0];
        Assert.Same(first.Keys, longer.Keys);
        Assert.NotSame(first.Reviewer, longer.Reviewer);
        var moved = catalog.Apply([definition with { Cluster = _cluster.Definition with { CaFile = "/other" } }]).All[0];
        Assert.NotSame(longer.Keys, moved.Keys);
    }

    private IssuerCatalog Catalog() => new(_clock, NullLoggerFactory.Instance, new FileSecretSource());

    private static IssuerDefinition Definition(ClusterDefinition cluster, TimeSpan cache) => TestIssuer.Definition with
    {
        Kind = IssuerKind.Kubernetes,
        Cluster = cluster,
        TokenReview = new TokenReviewRules(cache, TimeSpan.FromSeconds(5)),
    };

    private void Authenticate(ClusterDefinition cluster, TimeSpan cache)
    {
        var definition = Definition(cluster, cache);
        _client = new ClusterClient(cluster, new FileSecretSource(), _clock);
        var reviewer = new TokenReviewer(definition.Name, _client, definition.Audiences, definition.TokenReview!, _clock, NullLogger.Instance);
        var keys = new TestKeySource(new SigningKeySet([_issuer.Key], _clock.GetUtcNow()));
        _authenticator = new JwtAuthenticator(new IssuerSet([new TrustedIssuer(definition, keys, reviewer)]), _clock);
    }

    private static void Claims(JsonObject claims)
    {
        claims["sub"] = Account;
        claims["kubernetes.io"] = JsonNode.Parse("""{ "namespace": "billing", "serviceaccount": { "name": "agent", "uid": "u-1" } }""");
    }

    private string Token(string id = "1") => _issuer.Token(claims =>
    {
        Claims(claims);
        claims["jti"] = id;
    });

    private async Task<AgentIdentity> AcceptAsync(string token)
    {
        var result = (await _authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(default);
        Assert.True(result.Succeeded, $"Refused: {result.Failure}");
        return result.Agent;
    }

    private async Task RefuseAsync(string token, IdentityFailure expected)
    {
        var result = (await _authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(default);
        Assert.False(result.Succeeded);
        Assert.Equal(expected, result.Failure);
    }
}
