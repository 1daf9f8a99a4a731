using Gateway.Core.Credentials;
using Gateway.Core.Tests.Credentials;
using Gateway.Integrations.OAuth2;

namespace Gateway.Integrations.Tests.OAuth2;

public sealed class TokenRevocationTests : IDisposable
{
    private const string Token = "canary-token-4be1";

    private readonly TokenEndpointClient _client = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task IssueAsync_WithARevocationEndpoint_OwesTheToken()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(200, $$"""{"access_token":"{{Token}}","token_type":"Bearer","expires_in":60}""");
        var ledger = new NoteLedger();

        var issued = await Provider(endpoint.Url).IssueAsync(new IssueRequest(new LeaseKey("a", "", "t", "partner", ""), null, ledger), Cancellation);

        var (revocation, coveredBy) = Assert.Single(ledger.Notes);
        Assert.Equal((Token, issued.ExpiresAt, null, "debt-1"), (revocation.Handle.Reveal(), revocation.ExpiresAt, coveredBy, issued.Debt));
    }

    [Theory]
    [InlineData(200, "", nameof(RevocationOutcome.Confirmed))]
    [InlineData(400, """{"error":"unsupported_token_type"}""", nameof(RevocationOutcome.Unsupported))]
    [InlineData(401, """{"error":"invalid_client"}""", nameof(RevocationOutcome.Refused))]
    [InlineData(400, """{"error":"unauthorized_client"}""", nameof(RevocationOutcome.Refused))]
    [InlineData(403, "canary", nameof(RevocationOutcome.Refused))]
    public async Task RevokeAsync_Answer_IsRead(int status, string body, string expected)
    {
        await using var endpoint = await TokenEndpoint.StartAsync(status, body);

        var outcome = await Provider(endpoint.Url).RevokeAsync(Revocation(), Cancellation);

        Assert.Equal(expected, outcome.ToString());
        var (authorization, form) = Assert.Single(endpoint.Requests);
        Assert.StartsWith("Basic ", authorization, StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, string> { ["token"] = Token, ["token_type_hint"] = "access_token" }, form);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData(null, null)]
    public async Task RevokeAsync_Unavailable_IsOwedAndThePauseIsPassedOn(string? retryAfter, int? seconds)
    {
        await using var endpoint = await TokenEndpoint.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = retryAfter;
            return TokenEndpoint.WriteAsync(context, 503, """{"error":"canary"}""");
        });

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await Provider(endpoint.Url).RevokeAsync(Revocation(), Cancellation));

        Assert.Equal($"credential 'partner': revocation endpoint {endpoint.Url.Authority} answered 503.", failure.Message);
        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task RevokeAsync_WithoutARevocationEndpoint_IsUnsupported() =>
        Assert.Equal(RevocationOutcome.Unsupported, await Provider(new Uri("http://127.0.0.1:9/token"), revokes: false).RevokeAsync(Revocation(), Cancellation));

    [Fact]
    public void Validate_RevocationEndpointInClear_IsRefused() =>
        Assert.Equal("RevocationEndpoint", Settings(new Uri("https://idp.example/token"), new Uri("http://idp.example/revoke")).Validate().Single().Property);

    [Fact]
    public async Task HasIssued_OtherServerClientOrKind_IsNotItsOwn()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(200, $$"""{"access_token":"{{Token}}","token_type":"Bearer","expires_in":60}""");
        var ledger = new NoteLedger();
        await Provider(endpoint.Url).IssueAsync(new IssueRequest(new LeaseKey("a", "", "t", "partner", ""), null, ledger), Cancellation);
        var noted = ledger.Notes.Single().Revocation;
        var settings = Settings(endpoint.Url, endpoint.Url);

        Assert.True(Provider(settings).HasIssued(noted));
        Assert.True(Provider(settings).HasIssued(noted with { Issuer = null }));
        Assert.False(Provider(settings).HasIssued(noted with { Issuer = null, Kind = "lease" }));
        Assert.False(Provider(settings with { TokenEndpoint = new Uri("https://other.example/token") }).HasIssued(noted));
        Assert.False(Provider(settings with { RevocationEndpoint = new Uri("https://other.example/revoke") }).HasIssued(noted));
        Assert.False(Provider(settings with { ClientId = "another" }).HasIssued(noted));
    }

    private static Revocation Revocation() => new("access-token", new SecretValue(Token), null);

    private static ClientCredentialsSettings Settings(Uri token, Uri? revocation) => new()
    {
        TokenEndpoint = token,
        RevocationEndpoint = revocation,
        ClientId = "gw",
        ClientSecret = new SecretReference("secret", "partner"),
    };

    private ClientCredentialsProvider Provider(Uri endpoint, bool revokes = true) => Provider(Settings(endpoint, revokes ? endpoint : null));

    private ClientCredentialsProvider Provider(ClientCredentialsSettings settings) => new("partner", settings, new FixedSecret("s"), _client, TimeProvider.System);
}
