using System.Collections.Concurrent;
using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

/// <summary>Issues, prolongs and revokes as the test says, and counts.</summary>
internal sealed class ScriptedProvider(Func<IssueRequest, CancellationToken, ValueTask<IssuedCredential>> issue) : ICredentialProvider
{
    private int _calls;
    private int _renewals;

    public int Calls => Volatile.Read(ref _calls);

    public int Renewals => Volatile.Read(ref _renewals);

    public Func<IssueRequest, DateTimeOffset?> Renew { get; set; } = _ => null;

    public Func<Revocation, ValueTask<RevocationOutcome>> Revoke { get; set; } = _ => new(RevocationOutcome.Confirmed);

    /// <summary>What it takes for its issuer's.</summary>
    public Func<Revocation, bool> Issued { get; set; } = _ => true;

    /// <summary>Handles in the order in which they were to be revoked.</summary>
    public ConcurrentQueue<string> Revocations { get; } = new();

    public ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return issue(request, cancellationToken);
    }

    public ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _renewals);
        return new(Renew(request));
    }

    public bool HasIssued(Revocation revocation) => Issued(revocation);

    public ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken)
    {
        Revocations.Enqueue(revocation.Handle.Reveal());
        return Revoke(revocation);
    }

    public static IssuedCredential Token(string token, DateTimeOffset? expiresAt = null) =>
        new(new Dictionary<string, SecretValue> { ["token"] = new(token) }, expiresAt);
}
