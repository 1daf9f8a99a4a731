using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Tells operators and the call log what comes of revocations, and each thing once.</summary>
internal sealed class RevocationNews(ILeaseJournal journal, TimeProvider clock, ILogger logger)
{
    /// <summary>Before the debt takes the failure down: what is known already is not told again.</summary>
    public void Failed(Debt debt, string problem, bool isStuck, DateTimeOffset nextAttemptAt)
    {
        if (debt.Attempts == 0 || debt.IsStuck != isStuck || debt.Problem != problem)
        {
            logger.RevocationFailed(debt.Owed.Key.Credential, debt.Name, nextAttemptAt, problem);
            Report(debt, isStuck ? LeaseRevocation.Failed : LeaseRevocation.Queued, problem);
        }
    }

    public void Settled(Debt debt, DebtState outcome)
    {
        var (result, problem) = outcome switch
        {
            DebtState.Confirmed => (LeaseRevocation.Confirmed, null),
            DebtState.Unsupported => (LeaseRevocation.Unsupported, null),
            _ => (LeaseRevocation.Failed, "It expired before its revocation succeeded."),
        };
        logger.RevocationSettled(debt.Owed.Key.Credential, debt.Name, result);
        Report(debt, result, problem);
    }

    private void Report(Debt debt, LeaseRevocation result, string? problem) =>
        journal.Record(new LeaseEvent(LeaseEventKind.Revoked, debt.Name, debt.Owed.Key, clock.GetUtcNow())
        {
            Revocable = result != LeaseRevocation.Unsupported,
            Uses = debt.Uses,
            By = debt.By,
            Revocation = result,
            ResidualExpiry = result == LeaseRevocation.Confirmed ? null : debt.ExpiresAt,
            Detail = problem,
        });
}
