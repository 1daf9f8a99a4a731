using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Revokes what is owed: at once, then with growing pauses, until it is confirmed or has expired.</summary>
/// <param name="book">What is owed.</param>
/// <param name="providers">The provider of a configured credential; null where there is none any more.</param>
/// <param name="options">Pauses and bounds.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">For operators.</param>
internal sealed class RevocationWorker(
    RevocationBook book, Func<string, ICredentialProvider?> providers, RevocationOptions options, TimeProvider clock, ILogger<RevocationWorker> logger)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var debt in book.Due.ReadAllAsync(cancellationToken))
            {
                _ = Task.Run(() => PursueAsync(debt, cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is left is in the outbox, for the next start.
            logger.RevocationsLeft(book.Owed().Count);
        }
    }

    private async Task PursueAsync(Debt debt, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var attempt = await AttemptAsync(debt, cancellationToken);
                if (attempt.Outcome is { } outcome)
                {
                    await SettleAsync(debt, outcome, cancellationToken);
                    return;
                }

                var now = clock.GetUtcNow();
                if (debt.ExpiresAt <= now)
                {
                    // Tried once more after its time, since clocks differ; now there is nothing left to end.
                    await SettleAsync(debt, DebtState.Expired, cancellationToken);
                    return;
                }

                var next = now + Pause(debt, attempt.RetryAfter);
                book.Fail(debt, attempt.Problem, attempt.IsStuck, debt.ExpiresAt < next ? debt.ExpiresAt.Value : next);
                await debt.PauseAsync((debt.NextAttemptAt ?? next) - now, clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task<Attempt> AttemptAsync(Debt debt, CancellationToken cancellationToken)
    {
        var credential = debt.Owed.Key.Credential;
        if (debt.Owed.Problem is { } unreadable)
        {
            return Attempt.Stuck(unreadable);
        }

        // The one in force first: an operator may have mended it. One that is gone from configuration can still end what it issued.
        var configured = providers(credential);
        if (new[] { configured, debt.Issuer }.FirstOrDefault(p => p?.HasIssued(debt.Owed.Revocation) == true) is not { } provider)
        {
            return Attempt.Stuck(configured is null
                ? $"The credential '{credential}' is no longer configured: configure it again, or revoke by hand."
                : $"The credential '{credential}' is configured otherwise now, and this was issued by {debt.Owed.Revocation.Issuer ?? "another kind of issuer"}: configure that again, or revoke by hand.");
        }

        var gate = _gates.GetOrAdd(credential, static (_, options) => new SemaphoreSlim(options.Concurrency), options);
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(debt, provider, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<Attempt> AskAsync(Debt debt, ICredentialProvider provider, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await provider.RevokeAsync(debt.Owed.Revocation, linked.Token).AsTask().WaitAsync(linked.Token) switch
            {
                RevocationOutcome.Confirmed => Attempt.Done(DebtState.Confirmed),
                RevocationOutcome.Unsupported => Attempt.Done(DebtState.Unsupported),
                RevocationOutcome.Refused => Attempt.Stuck("The issuer refuses: the gateway lacks the permission to revoke."),
                _ => Attempt.Failed("The issuer has not done it yet.", null),
            };
        }
        catch (CredentialIssueException failure)
        {
            return Attempt.Failed(failure.Message, failure.RetryAfter);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Attempt.Failed($"No answer within {options.AttemptTimeout.TotalSeconds:0.#} s.", null);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever a provider does wrong, the debt stays; only the kind of fault is fit to be told.
            return Attempt.Failed($"Fault in the provider ({fault.GetType().Name}).", null);
        }
    }

    /// <summary>Until it is remembered: a debt that is forgotten here only would be revoked again after a restart, for nothing.</summary>
    private async Task SettleAsync(Debt debt, DebtState outcome, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await book.SettleAsync(debt, outcome, cancellationToken);
                return;
            }
            catch (LedgerUnavailableException unavailable)
            {
                logger.OutboxUnavailable(unavailable.Message);
                await Task.Delay(options.MinimumPause, clock, cancellationToken);
            }
        }
    }

    private TimeSpan Pause(Debt debt, TimeSpan? retryAfter)
    {
        // 80 to 120 %: debts that failed together must not come back in step.
        var jitter = RandomNumberGenerator.GetInt32(800, 1201) / 1000.0;
        var pause = options.MinimumPause * Math.Pow(2, Math.Min(debt.Attempts, 30)) * jitter;
        pause = pause < options.MaximumPause ? pause : options.MaximumPause * jitter;
        return retryAfter > pause ? Shorter(retryAfter.Value, options.MaximumPause) : pause;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private readonly record struct Attempt(DebtState? Outcome, string Problem, bool IsStuck, TimeSpan? RetryAfter)
    {
        public static Attempt Done(DebtState outcome) => new(outcome, "", false, null);

        public static Attempt Stuck(string problem) => new(null, problem, true, null);

        public static Attempt Failed(string problem, TimeSpan? retryAfter) => new(null, problem, false, retryAfter);
    }
}
