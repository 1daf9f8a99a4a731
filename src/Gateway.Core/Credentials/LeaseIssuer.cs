namespace Gateway.Core.Credentials;

/// <summary>Turns what a provider issues into a lease, and prolongs leases.</summary>
internal sealed class LeaseIssuer(TimeProvider clock, RevocationBook book)
{
    /// <exception cref="CredentialIssueException">The issuer gave nothing that can be used.</exception>
    public async Task<(Lease Lease, DateTimeOffset RefreshAt)> IssueAsync(LeaseSlot slot, IssuanceLedger ledger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (key, definition) = (slot.Key.Key, slot.Key.Definition);
        var issuedAt = clock.GetUtcNow();
        var end = FinalEnd(slot, issuedAt);
        var limit = Limit(slot.Key);

        // A provider that overlooks its token must not hold the waiting calls beyond the time-out.
        var issued = await definition.Provider.IssueAsync(Request(slot, limit, issuedAt, ledger), cancellationToken).AsTask().WaitAsync(cancellationToken);
        var term = LeaseTerm.Of(issuedAt, issued.ExpiresAt, limit, end);
        if (term.ExpiresAt <= clock.GetUtcNow())
        {
            throw new CredentialIssueException($"credential '{definition.Name}': the issuer gave a credential that had already expired; compare the clocks.");
        }

        var injection = definition.Renderer.Render(definition.Name, issued.Fields);
        var reference = new LeaseReference(
            ledger.Lease, definition.Name, key.Scope, LeaseFingerprint.Of(issued.Fields), term.IssuedAt, term.ExpiresAt);
        var lease = new Lease(key, reference, injection)
        {
            Debt = issued.Debt,
            Renewal = issued.Renewal,
            Cap = Earlier(end, limit is { } most ? issuedAt + most : null) ?? DateTimeOffset.MaxValue,
            DiesAt = issued.ExpiresAt ?? (issued.Debt is null ? definition.NotAfter : null),
        };
        return (lease, term.RefreshAt());
    }

    /// <summary>Prolongs the slot's lease.</summary>
    /// <returns>When to do so again; null where it cannot be prolonged and another lease must be issued.</returns>
    /// <exception cref="CredentialIssueException">The issuer did not answer; the lease is as good as before.</exception>
    public async Task<DateTimeOffset?> RenewAsync(LeaseSlot slot, Lease lease, IssuanceLedger ledger, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (lease.Renewal is not { } renewal || !lease.IsLive(now) || lease.Reference.ExpiresAt >= lease.Cap)
        {
            return null;
        }

        TimeSpan? limit = lease.Cap == DateTimeOffset.MaxValue ? null : lease.Cap - now;
        var request = new IssueRequest(lease.Key, limit, ledger) { TaskExpiresAt = slot.TaskExpiresAt };
        var end = await slot.Key.Definition.Provider.RenewAsync(request, renewal, cancellationToken).AsTask().WaitAsync(cancellationToken);
        var term = LeaseTerm.Of(now, end, limit, lease.Cap);
        if (end is not { } diesAt || term.ExpiresAt <= lease.Reference.ExpiresAt)
        {
            return null;
        }

        if (lease.Debt is { } debt)
        {
            await book.ExtendAsync(debt, diesAt);
        }

        lease.Extend(now, term.ExpiresAt, diesAt);
        return term.RefreshAt();
    }

    private static IssueRequest Request(LeaseSlot slot, TimeSpan? limit, DateTimeOffset now, IRevocationLedger ledger)
    {
        var remaining = slot.TaskExpiresAt - now;
        return new IssueRequest(slot.Key.Key, remaining < limit || limit is null ? remaining : limit, ledger) { TaskExpiresAt = slot.TaskExpiresAt };
    }

    /// <summary>When the task ends, or the credential itself.</summary>
    private static DateTimeOffset? FinalEnd(LeaseSlot slot, DateTimeOffset now)
    {
        var definition = slot.Key.Definition;
        if (slot.TaskExpiresAt <= now)
        {
            throw new CredentialIssueException($"credential '{definition.Name}': the task has ended.");
        }

        return definition.NotAfter <= now
            ? throw new CredentialIssueException(
                $"credential '{definition.Name}': its NotAfter, {definition.NotAfter?.UtcDateTime:yyyy-MM-dd HH:mm'Z'}, has passed; {definition.Owner ?? "its owner"} must replace it, or prolong it in configuration.")
            : Earlier(slot.TaskExpiresAt, definition.NotAfter);
    }

    private static TimeSpan? Limit(in LeaseSlotKey key)
    {
        var limit = key.Definition.Lifetime is { } own && (key.MaxLifetime is null || own < key.MaxLifetime) ? own : key.MaxLifetime;
        return limit <= TimeSpan.Zero
            ? throw new CredentialIssueException($"credential '{key.Definition.Name}': the lifetime allowed is not positive.")
            : limit;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
