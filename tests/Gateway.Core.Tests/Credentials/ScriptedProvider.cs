using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

/// <summary>Issues as the test says, and counts.</summary>
internal sealed class ScriptedProvider(Func<IssueRequest, CancellationToken, ValueTask<IssuedCredential>> issue) : ICredentialProvider
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return issue(request, cancellationToken);
    }

    public ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken) => new((DateTimeOffset?)null);

    public ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken) => new(RevocationOutcome.Unsupported);

    public static IssuedCredential Token(string token, DateTimeOffset? expiresAt = null) =>
        new(new Dictionary<string, SecretValue> { ["token"] = new(token) }, expiresAt);
}
