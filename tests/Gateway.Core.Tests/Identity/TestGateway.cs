using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity;

/// <summary>An authenticator that trusts one issuer, with the clock and the keys in the test's hands.</summary>
internal sealed class TestGateway
{
    public TestGateway(TestIssuer issuer, Func<IssuerDefinition, IssuerDefinition>? configure = null, int cacheCapacity = JwtAuthenticator.DefaultCacheCapacity)
        : this([issuer.Key], configure, cacheCapacity)
    {
    }

    public TestGateway(SigningKey[] keys, Func<IssuerDefinition, IssuerDefinition>? configure = null, int cacheCapacity = JwtAuthenticator.DefaultCacheCapacity)
    {
        Keys = new TestKeySource(new SigningKeySet(keys, Clock.GetUtcNow()));
        Definition = configure?.Invoke(TestIssuer.Definition) ?? TestIssuer.Definition;
        Issuers = new IssuerSet([new TrustedIssuer(Definition, Keys)]);
        Authenticator = new JwtAuthenticator(Issuers, Clock, cacheCapacity);
    }

    public TestClock Clock { get; } = new();

    public TestKeySource Keys { get; }

    public IssuerDefinition Definition { get; }

    public IssuerSet Issuers { get; }

    public JwtAuthenticator Authenticator { get; }

    public async Task<IdentityResult> AuthenticateAsync(string token) =>
        (await Authenticator.AuthenticateAsync(token, TestContext.Current.CancellationToken)).Prove(default);

    public async Task<AgentIdentity> AcceptAsync(string token)
    {
        var result = await AuthenticateAsync(token);
        Assert.True(result.Succeeded, $"Refused: {result.Failure}");
        return result.Agent;
    }

    public async Task RefuseAsync(string token, IdentityFailure expected)
    {
        var result = await AuthenticateAsync(token);
        Assert.False(result.Succeeded);
        Assert.Equal(expected, result.Failure);
    }
}
