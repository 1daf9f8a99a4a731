using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Runs issuances and renewals. Each outlives the call that began it: others may be waiting for it.</summary>
internal sealed class LeaseRun(
    LeaseSlots slots,
    LeaseTable table,
    LeaseAccountant accountant,
    LeaseDrain drain,
    RevocationBook book,
    LeaseStoreOptions options,
    TimeProvider clock,
    ILogger logger,
    CancellationToken stopping)
{
    private readonly LeaseIssuer _issuer = new(clock, book);
    private readonly IssuerBackoffs _backoffs = new(options);

    /// <summary>Gives the slot's live lease, joins the issuance under way, or starts one.</summary>
    /// <returns>The issuance to wait for; null where <paramref name="settled"/> is the answer, or the slot is closed.</returns>
    public TaskCompletionSource<LeaseResult>? Join(LeaseSlot slot, DateTimeOffset now, out LeaseResult? settled)
    {
        var backoff = _backoffs.Of(slot.Key);
        var issuance = slot.Join(now, backoff, out settled, out var begun);
        if (begun && issuance is not null)
        {
            Start(slot, backoff, issuance, now);
        }

        return issuance;
    }

    /// <summary>Starts a refresh if one is due and the issuer may be asked.</summary>
    public void BeginRefresh(LeaseSlot slot, DateTimeOffset now)
    {
        var backoff = _backoffs.Of(slot.Key);
        if (slot.BeginRefresh(now, backoff) is { } begun)
        {
            Start(slot, backoff, begun, now);
        }
    }

    /// <summary>Forgets the issuers that hold nobody back.</summary>
    public void Sweep(DateTimeOffset now) => _backoffs.Sweep(now);

    /// <summary>On its own: it must not keep alive the context of the call that began it.</summary>
    private void Start(LeaseSlot slot, IssuerBackoff backoff, TaskCompletionSource<LeaseResult> issuance, DateTimeOffset now) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => _ = work.Run.RunAsync(work.Slot, work.Backoff, work.Issuance, work.Now),
            (Run: this, Slot: slot, Backoff: backoff, Issuance: issuance, Now: now),
            preferLocal: false);

    /// <summary>Completes <paramref name="issuance"/>, with a lease or without.</summary>
    private async Task RunAsync(LeaseSlot slot, IssuerBackoff backoff, TaskCompletionSource<LeaseResult> issuance, DateTimeOffset startedAt)
    {
        var result = Withdrawn();
        using var timeout = new CancellationTokenSource(options.IssueTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        var ledger = new IssuanceLedger(book, slot, LeaseReference.NewId());
        try
        {
            await drain.WaitAsync(slot.Key.Key.Task, linked.Token);
            result = await TryRenewAsync(slot, backoff, ledger, linked.Token) is { } renewed
                ? renewed
                : await IssueAsync(slot, backoff, ledger, linked.Token);
        }
        catch (Exception fault) // whatever a provider does wrong, the credential is unavailable and the gateway goes on
        {
            ledger.Abandon();
            await accountant.OpenUnusedAsync(ledger, slot.Key.Key);
            result = Fail(slot, backoff, startedAt, Describe(fault, slot.Key.Definition.Name));
        }
        finally
        {
            issuance.SetResult(result);
        }
    }

    private async Task<LeaseResult?> TryRenewAsync(LeaseSlot slot, IssuerBackoff backoff, IssuanceLedger ledger, CancellationToken cancellationToken)
    {
        if (slot.Lease is not { } lease)
        {
            return null;
        }

        DateTimeOffset? refreshAt;
        try
        {
            refreshAt = await _issuer.RenewAsync(slot, lease, ledger, cancellationToken);
        }
        catch (CredentialIssueException) when (IsNearItsEnd(lease))
        {
            return null; // there may be no time for another attempt
        }

        if (refreshAt is not { } next)
        {
            return null;
        }

        Succeeded(backoff, lease.Reference.Credential);
        if (!slot.TryProlong(next))
        {
            return Withdrawn();
        }

        table.Prolonged(lease);
        logger.LeaseRenewed(lease.Id, lease.Reference.Credential, lease.Reference.ExpiresAt);
        return LeaseResult.Success(lease.Reference);
    }

    private async Task<LeaseResult> IssueAsync(LeaseSlot slot, IssuerBackoff backoff, IssuanceLedger ledger, CancellationToken cancellationToken)
    {
        var (lease, refreshAt) = await _issuer.IssueAsync(slot, ledger, cancellationToken);
        await accountant.OpenAsync(lease);
        Succeeded(backoff, lease.Reference.Credential);
        if (!slot.TryPublish(lease, clock.GetUtcNow(), refreshAt, table.Add))
        {
            logger.LeaseArrivedDropped(lease.Reference.Credential, lease.Key.Agent);
            ledger.Abandon();
            lease.Drop();
            accountant.Note(lease, clock.GetUtcNow());
            return Withdrawn();
        }

        logger.LeaseIssued(lease.Id, lease.Reference.Credential, lease.Key.Agent, lease.Key.Tool, lease.Reference.ExpiresAt);
        return LeaseResult.Success(lease.Reference);
    }

    private LeaseResult Withdrawn() => LeaseResult.Unavailable(options.MinimumBackoff, "The lease was dropped while it was being obtained.");

    private bool IsNearItsEnd(Lease lease) =>
        lease.Reference.ExpiresAt - clock.GetUtcNow() <= (lease.Reference.ExpiresAt - lease.TermStart) / 6;

    private void Succeeded(IssuerBackoff backoff, string credential)
    {
        if (backoff.Succeeded())
        {
            logger.IssuerRecovered(credential);
        }
    }

    private LeaseResult Fail(LeaseSlot slot, IssuerBackoff backoff, DateTimeOffset startedAt, string message)
    {
        var now = clock.GetUtcNow();
        var credential = slot.Key.Definition.Name;
        var isOver = slot.TaskExpiresAt <= now;
        if (slot.IsClosed || isOver)
        {
            // Says nothing about the issuer: nobody wanted the lease any more.
            backoff.Withdraw();
            if (slot.Fail(now, options.MinimumBackoff))
            {
                slots.Remove(slot);
            }

            logger.LeaseArrivedDropped(credential, slot.Key.Key.Agent);
            return isOver ? LeaseResult.Ended() : Withdrawn();
        }

        var result = backoff.Failed(startedAt, now, message);
        if (slot.Fail(now, result.RetryAfter))
        {
            slots.Remove(slot);
            logger.IssueFailed(credential, result.RetryAfter, message);
        }
        else if (slot.Lease is { } lease)
        {
            logger.RefreshFailed(credential, lease.Reference.ExpiresAt, result.RetryAfter, message);
        }

        return result;
    }

    /// <summary>What may be said of a fault: the text of exceptions written for operators, and no other's.</summary>
    private string Describe(Exception fault, string credential) => fault switch
    {
        CredentialIssueException or SecretUnavailableException => fault.Message,
        OperationCanceledException when stopping.IsCancellationRequested => $"credential '{credential}': the gateway is stopping.",
        OperationCanceledException => $"credential '{credential}': not issued within {options.IssueTimeout.TotalSeconds:0.#} s.",
        _ => $"credential '{credential}': fault in the provider ({fault.GetType().Name}).",
    };
}
