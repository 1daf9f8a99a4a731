using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>Obtains credentials from one of Vault's secrets engines: under its task's own token, or under the gateway's where there is no task.</summary>
/// <param name="name">The credential's name, for messages.</param>
/// <param name="settings">What to ask for.</param>
/// <param name="vault">Where to ask.</param>
/// <param name="clock">The time of the request, from which the credential's life is counted.</param>
/// <param name="logger">For what an operator must know.</param>
internal sealed class VaultProvider(string name, VaultCredentialSettings settings, VaultConnection vault, TimeProvider clock, ILogger logger) : ICredentialProvider
{
    private bool _staticReported;

    public async ValueTask<IssuedCredential> IssueAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        if (settings.NotAfter <= clock.GetUtcNow())
        {
            throw Fail($"its NotAfter, {settings.NotAfter?.UtcDateTime:yyyy-MM-dd HH:mm'Z'}, has passed; {settings.Owner ?? "its owner"} must replace it, or prolong it in configuration.");
        }

        try
        {
            var askedAt = clock.GetUtcNow();
            var call = new VaultRequest(settings.IsPost ? HttpMethod.Post : HttpMethod.Get, settings.Path, VaultEffect.Issues, settings.Parameters);
            var (answer, under, endsAt) = await AskAsync(call, request, cancellationToken);
            if (!answer.Succeeded)
            {
                throw answer.Refuse(call);
            }

            var issue = VaultIssue.Read(answer, askedAt) ?? throw answer.Misses(call, "without a field that could be injected");
            return issue.IsStatic ? Keep(request, issue) : await OweAsync(request, issue, under, endsAt);
        }
        catch (VaultException failure)
        {
            throw Fail(failure.Message);
        }
    }

    public async ValueTask<DateTimeOffset?> RenewAsync(IssueRequest request, SecretValue renewal, CancellationToken cancellationToken)
    {
        // With the gateway's own token: a task's token may do what its policies say, and need not be able to renew.
        var body = new JsonObject { ["lease_id"] = renewal.Reveal() };
        if (request.Lifetime is { } lifetime)
        {
            body["increment"] = Math.Max(1, (long)lifetime.TotalSeconds);
        }

        var call = VaultRequest.Post("sys/leases/renew", VaultEffect.Repeatable, body);
        try
        {
            var askedAt = clock.GetUtcNow();
            var answer = await vault.Session.SendAsync(call, cancellationToken);
            if (answer.Succeeded)
            {
                // No time is not for ever.
                return Earlier(askedAt + (answer.LeaseDuration ?? throw answer.Misses(call, "without a time to live")), request.TaskExpiresAt);
            }

            // 400: it is gone, revoked behind our back for one, or it is not renewable.
            return answer.Status is 400 or 404 ? null : throw answer.Refuse(call);
        }
        catch (VaultException failure)
        {
            throw Fail(failure.Message);
        }
    }

    public bool HasIssued(Revocation revocation) =>
        revocation.Kind is VaultRevoker.Lease or VaultRevoker.TokenAccessor
        && (revocation.Issuer is not { } issuer || vault.Settings.IsNamed(issuer))
        && !vault.Session.HasEnded;

    public async ValueTask<RevocationOutcome> RevokeAsync(Revocation revocation, CancellationToken cancellationToken)
    {
        try
        {
            return await vault.Revoker.RevokeAsync(revocation, cancellationToken);
        }
        catch (VaultException failure)
        {
            throw Fail(failure.Message);
        }
    }

    /// <returns>The answer; the task's token that brought it, null without a task; and when the token ends, null where that is not certain.</returns>
    private async Task<(VaultAnswer Answer, TaskToken? Under, DateTimeOffset? EndsAt)> AskAsync(VaultRequest call, IssueRequest request, CancellationToken cancellationToken)
    {
        if (request.Key.Task.Length == 0)
        {
            var (answer, own) = await vault.Session.SendWithTokenAsync(call, cancellationToken);
            return (answer, null, own.EndsAt);
        }

        var token = await vault.Tasks.GetAsync(request, cancellationToken);
        var first = await vault.Client.SendAsync(call, token.Value, cancellationToken);

        // It may have been revoked behind our back, with its parent for one.
        return first.Status == 403 && await vault.Tasks.ReplaceAsync(request, token, cancellationToken) is { } another
            ? (await vault.Client.SendAsync(call, another.Value, cancellationToken), another, another.EndsAt)
            : (first, token, token.EndsAt);
    }

    private async Task<IssuedCredential> OweAsync(IssueRequest request, VaultIssue issue, TaskToken? under, DateTimeOffset? tokenEndsAt)
    {
        var credential = new IssuedCredential(issue.Fields, Earlier(Earlier(issue.ExpiresAt, issue.LeaseId is null ? null : tokenEndsAt), request.TaskExpiresAt))
        {
            Renewal = issue is { IsRenewable: true, LeaseId: { } id } ? new SecretValue(id) : null,
        };
        if (issue.LeaseId is not { } lease || !(settings.Revocable ?? issue.IsRevocable))
        {
            return credential;
        }

        // What can be renewed ends later than it says now; with its token at the latest.
        var owed = new Revocation(VaultRevoker.Lease, new SecretValue(lease), issue.IsRenewable ? tokenEndsAt : Earlier(issue.ExpiresAt, tokenEndsAt)) { Issuer = vault.Settings.Name };
        try
        {
            // Not the caller's time-out: what was issued must be remembered.
            return credential with { Debt = await request.Ledger.OweAsync(owed, under?.Debt, CancellationToken.None) };
        }
        catch
        {
            await AbandonAsync(owed);
            throw;
        }
    }

    /// <summary>Nobody uses it: it must not live until its end because it could not be remembered.</summary>
    private async Task AbandonAsync(Revocation owed)
    {
        try
        {
            await vault.Revoker.RevokeAsync(owed, CancellationToken.None);
        }
        catch (VaultException failure)
        {
            VaultLog.LeaseLeft(logger, name, failure.Message);
        }
    }

    /// <summary>A secret that Vault merely keeps: for transition, read anew for each lease, and never without somebody hearing of it.</summary>
    private IssuedCredential Keep(IssueRequest request, VaultIssue issue)
    {
        if ((settings.Owner is null || settings.NotAfter is null) && !Interlocked.Exchange(ref _staticReported, true))
        {
            VaultLog.StaticSecret(logger, name);
        }

        // Nobody issued it, so nobody says how long this value is right: only an end that comes before the next reading counts.
        var nextReading = clock.GetUtcNow() + (request.Lifetime ?? LeaseTerm.Default);
        return new IssuedCredential(issue.Fields, settings.NotAfter <= nextReading ? settings.NotAfter : null);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private CredentialIssueException Fail(string problem) => new($"credential '{name}': {problem}");
}
