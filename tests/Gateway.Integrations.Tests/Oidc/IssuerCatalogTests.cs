using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Oidc;

public sealed class IssuerCatalogTests : IDisposable
{
    // It stands still, so that a busy machine cannot run into a time limit.
    private readonly TestClock _clock = new();
    private readonly IssuerCatalog _catalog;

    public IssuerCatalogTests() => _catalog = new IssuerCatalog(_clock, NullLoggerFactory.Instance, new FileSecretSource());

    public void Dispose() => _catalog.Dispose();

    [Fact]
    public async Task Apply_KeysRotatedUnderLoad_RefusesNoGoodToken()
    {
        var first = new TestIssuer(keyId: "first");
        var second = new TestIssuer(keyId: "second");
        await using var server = await TestIssuerServer.StartAsync(first);
        var authenticator = new JwtAuthenticator(_catalog.Apply([Definition(server)]), _clock);
        var signing = first;
        var calls = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 1250; i++)
            {
                if (Interlocked.Increment(ref calls) == 5000)
                {
                    // Published, and used in the same moment: the hardest rotation that an honest issuer does.
                    server.Keys = TestIssuerServer.Text(TestIssuer.JwkSet(first, second));
                    Volatile.Write(ref signing, second);
                }

                var token = Volatile.Read(ref signing).Token(claims =>
                {
                    claims["iss"] = server.Issuer;
                    claims["jti"] = $"{worker}-{i / 10}";
                });
                var result = (await authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(default);
                Assert.True(result.Succeeded, $"{result.Failure} at call {calls}.");
            }
        })));

        Assert.Equal(10_000, calls);
        Assert.Equal(4, server.Requests);
    }

    [Fact]
    public async Task Apply_SameDefinitionAgain_KeepsTheInstanceAndItsKeys()
    {
        var issuer = new TestIssuer();
        await using var server = await TestIssuerServer.StartAsync(issuer);
        var before = _catalog.Apply([Definition(server)]).All[0];
        await Eventually.HoldsAsync(() => before.Keys.Current is not null, "the keys came");

        Assert.Same(before, _catalog.Apply([Definition(server)]).All[0]);

        var changed = _catalog.Apply([Definition(server) with { Audiences = ["other"] }]).All[0];
        Assert.NotSame(before, changed);
        Assert.Same(before.Keys, changed.Keys);

        var moved = _catalog.Apply([Definition(server) with { JwksUri = new Uri($"{server.Issuer}/jwks") }]).All[0];
        Assert.NotSame(before.Keys, moved.Keys);
        await Eventually.HoldsAsync(() => moved.Keys.Current is not null, "the keys came from the other address");
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task Apply_DefinitionThatMustNotRun_LeavesTheFormerIssuersAlone()
    {
        await using var server = await TestIssuerServer.StartAsync(new TestIssuer());
        var before = _catalog.Apply([Definition(server)]).All[0];
        Assert.Throws<ArgumentException>(() => _catalog.Apply([Definition(server) with { JwksFile = "/x" }, Definition(server) with { Name = "spiffe" }]));
        Assert.Throws<ArgumentException>(() => _catalog.Apply([Definition(server), Definition(server) with { Name = "twin" }]));
        Assert.Same(before, _catalog.Apply([Definition(server)]).All[0]);
        await Eventually.HoldsAsync(() => before.Keys.Current is not null, "its keys came");
    }

    [Fact]
    public async Task Apply_WithoutAnIssuer_StopsFetchingItsKeys()
    {
        await using var server = await TestIssuerServer.StartAsync(new TestIssuer());
        var dropped = _catalog.Apply([Definition(server)]).All[0];
        await Eventually.HoldsAsync(() => dropped.Keys.Current is not null && _clock.Timers == 1, "its source slept");
        Assert.Empty(_catalog.Apply([]).All);
        await Eventually.HoldsAsync(() => _clock.Timers == 0, "its source ended");
        Assert.Empty(_catalog.Status);
    }

    [Fact]
    public async Task Status_IssuerThatComesAndGoes_SaysSoInOurWords()
    {
        var issuer = new TestIssuer();
        await using var server = await TestIssuerServer.StartAsync(issuer);
        server.Discovery = TestIssuerServer.Text("SECRET", 503);
        _catalog.Apply([Definition(server)]);
        await Eventually.HoldsAsync(() => Status.LastError is not null, "the first fetch failed");
        Assert.Equal(new IssuerStatus("test", IssuerState.Down, null, "The issuer answered with status 503."), Status);

        server.Discovery = TestIssuerServer.Text($$"""{"issuer":"{{server.Issuer}}","jwks_uri":"{{server.Issuer}}/jwks"}""");
        await RetryAsync();
        await Eventually.HoldsAsync(() => Status.State == IssuerState.Ok, "a retry succeeded");
        Assert.Null(Status.LastError);
        var success = Status.LastSuccess;
        Assert.NotNull(success);

        server.Keys = TestIssuerServer.Text("SECRET");
        await RetryAsync();
        await Eventually.HoldsAsync(() => Status.State == IssuerState.Degraded, "the next refresh failed");
        Assert.Equal("The key document is not a JWK set.", Status.LastError);
        Assert.Equal(success, Status.LastSuccess);

        _clock.Advance(IssuerDefinition.DefaultMaxKeyAge);
        Assert.Equal(IssuerState.Down, Status.State);
    }

    private IssuerStatus Status => Assert.Single(_catalog.Status);

    private async Task RetryAsync()
    {
        await Eventually.HoldsAsync(() => _clock.Timers == 1, "the source slept");
        _clock.Advance(IssuerDefinition.DefaultRefreshInterval);
    }

    private static IssuerDefinition Definition(TestIssuerServer server) => TestIssuer.Definition with { Issuer = server.Issuer };
}
