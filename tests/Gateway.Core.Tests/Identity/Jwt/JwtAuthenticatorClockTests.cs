using Gateway.Core.Identity;

namespace Gateway.Core.Tests.Identity.Jwt;

public sealed class JwtAuthenticatorClockTests
{
    private readonly TestIssuer _issuer = new();
    private readonly TestGateway _gateway;

    public JwtAuthenticatorClockTests() => _gateway = new TestGateway(_issuer);

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public async Task Authenticate_SecondsAfterExpiry_AreForgivenUpToTheSkew(int seconds, bool accepted)
    {
        var token = _issuer.Token();
        _gateway.Clock.Advance(TimeSpan.FromSeconds(300 + seconds));
        await JudgeAsync(token, accepted, IdentityFailure.Expired);
    }

    [Theory]
    [InlineData("nbf", 30, true)]
    [InlineData("nbf", 31, false)]
    [InlineData("iat", 30, true)]
    [InlineData("iat", 31, false)]
    public async Task Authenticate_SecondsFromTheFuture_AreForgivenUpToTheSkew(string name, int seconds, bool accepted)
    {
        var token = _issuer.Token(claims => claims[name] = TestClock.Start.ToUnixTimeSeconds() + seconds);
        await JudgeAsync(token, accepted, IdentityFailure.NotYetValid);
    }

    [Fact]
    public async Task Authenticate_ConfiguredSkew_Counts()
    {
        var gateway = new TestGateway(_issuer, definition => definition with { ClockSkew = TimeSpan.Zero });
        var token = _issuer.Token();
        gateway.Clock.Advance(TimeSpan.FromSeconds(300));
        await gateway.AcceptAsync(token);
        gateway.Clock.Advance(TimeSpan.FromTicks(1));
        await gateway.RefuseAsync(token, IdentityFailure.Expired);
    }

    [Fact]
    public async Task Authenticate_CachedToken_IsRefusedOneSecondAfterTheSkew()
    {
        var token = _issuer.Token();
        await _gateway.AcceptAsync(token);
        Assert.Equal(1, _gateway.Authenticator.CachedTokens);

        _gateway.Clock.Advance(TimeSpan.FromSeconds(330));
        await _gateway.AcceptAsync(token);
        _gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        await _gateway.RefuseAsync(token, IdentityFailure.Expired);
        Assert.Equal(0, _gateway.Authenticator.CachedTokens);
    }

    private Task JudgeAsync(string token, bool accepted, IdentityFailure failure) =>
        accepted ? _gateway.AcceptAsync(token) : _gateway.RefuseAsync(token, failure);
}
