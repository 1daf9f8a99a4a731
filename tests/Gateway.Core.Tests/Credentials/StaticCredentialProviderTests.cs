using Gateway.Core.Credentials;
using static Gateway.Core.Tests.Credentials.LeaseStoreFixture;

namespace Gateway.Core.Tests.Credentials;

public sealed class StaticCredentialProviderTests
{
    private static readonly SecretReference Reference = new("env", "LEGACY");

    private readonly ManualClock _clock = new();
    private readonly Source _source = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IssueAsync_RotatedSecret_GivesTheNewValue()
    {
        var provider = new StaticCredentialProvider("legacy", Reference, _source, _clock);
        _source.Value = "first";
        var before = await provider.IssueAsync(new IssueRequest(Key(), null, NoLedger.Instance), Cancellation);
        _source.Value = "second";
        var after = await provider.IssueAsync(new IssueRequest(Key(), null, NoLedger.Instance), Cancellation);

        Assert.Equal("first", before.Fields["value"].Reveal());
        Assert.Equal("second", after.Fields["value"].Reveal());
        Assert.Null(after.ExpiresAt);
        Assert.Equal(StaticCredentialProvider.FieldNames, after.Fields.Keys);
    }

    [Fact]
    public async Task IssueAsync_PastNotAfter_IsRefusedNamingTheOwner()
    {
        var provider = new StaticCredentialProvider("legacy", Reference, _source, _clock, _clock.GetUtcNow() + Second, "crm team");
        await provider.IssueAsync(new IssueRequest(Key(), null, NoLedger.Instance), Cancellation);
        _clock.Advance(Second);

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(
            async () => await provider.IssueAsync(new IssueRequest(Key(), null, NoLedger.Instance), Cancellation));

        Assert.Contains("'legacy'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("2026-01-01 00:00Z", failure.Message, StringComparison.Ordinal);
        Assert.Contains("crm team", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, _source.Reads); // a refused secret is not even read
    }

    [Theory]
    [InlineData(60, null, true)]
    [InlineData(301, null, false)]
    [InlineData(301, 600, true)]
    [InlineData(601, 600, false)]
    public async Task IssueAsync_NotAfterWithinTheLease_IsItsExpiry(int notAfter, int? lifetime, bool expected)
    {
        var end = _clock.GetUtcNow() + (notAfter * Second);
        var provider = new StaticCredentialProvider("legacy", Reference, _source, _clock, end);

        var issued = await provider.IssueAsync(new IssueRequest(Key(), lifetime * Second, NoLedger.Instance), Cancellation);

        Assert.Equal(expected ? end : null, issued.ExpiresAt);
    }

    [Fact]
    public async Task IssueAsync_SecretUnavailable_SaysWhich()
    {
        _source.Value = null;
        var provider = new StaticCredentialProvider("legacy", Reference, _source, _clock);

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(
            async () => await provider.IssueAsync(new IssueRequest(Key(), null, NoLedger.Instance), Cancellation));

        Assert.Equal("credential 'legacy': env:LEGACY: not set.", failure.Message);
    }

    private sealed class Source : ISecretSource
    {
        public string? Value { get; set; } = "value";

        public int Reads { get; private set; }

        public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
        {
            Reads++;
            return Value is null ? throw new SecretUnavailableException($"{reference}: not set.") : new(new SecretValue(Value));
        }
    }
}
