using Gateway.Core.Credentials;
using static Gateway.Core.Tests.Credentials.LeaseStoreFixture;

namespace Gateway.Core.Tests.Credentials;

public sealed class StaticCredentialProviderTests
{
    private static readonly SecretReference Reference = new("env", "LEGACY");

    private readonly Source _source = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IssueAsync_RotatedSecret_GivesTheNewValue()
    {
        var provider = new StaticCredentialProvider("legacy", Reference, _source);
        _source.Value = "first";
        var before = await provider.IssueAsync(new IssueRequest(Key(), null, new NoteLedger()), Cancellation);
        _source.Value = "second";
        var after = await provider.IssueAsync(new IssueRequest(Key(), null, new NoteLedger()), Cancellation);

        Assert.Equal("first", before.Fields["value"].Reveal());
        Assert.Equal("second", after.Fields["value"].Reveal());
        Assert.Null(after.ExpiresAt);
        Assert.Equal(StaticCredentialProvider.FieldNames, after.Fields.Keys);
    }

    [Fact]
    public async Task IssueAsync_SecretUnavailable_SaysWhich()
    {
        _source.Value = null;
        var provider = new StaticCredentialProvider("legacy", Reference, _source);

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(
            async () => await provider.IssueAsync(new IssueRequest(Key(), null, new NoteLedger()), Cancellation));

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
