namespace Gateway.Core.Credentials;

/// <summary>The ledger of one issuance: what it notes becomes due as soon as nobody will use what was issued.</summary>
/// <param name="book">Where it is noted.</param>
/// <param name="slot">For whom it is issued.</param>
/// <param name="lease">The id that the lease will have.</param>
internal sealed class IssuanceLedger(RevocationBook book, LeaseSlot slot, string lease) : IRevocationLedger
{
    private readonly Lock _gate = new();
    private readonly List<Debt> _debts = [];
    private bool _abandoned;

    public string Lease => lease;

    /// <summary>What was noted for this issuance alone, oldest first.</summary>
    public IReadOnlyList<string> Own
    {
        get
        {
            lock (_gate)
            {
                return [.. _debts.Where(d => !d.Owed.Revocation.ServesTask).Select(d => d.Id)];
            }
        }
    }

    public async ValueTask<string> OweAsync(Revocation revocation, string? coveredBy, CancellationToken cancellationToken)
    {
        var debt = await book.NoteAsync(slot.Key.Key, lease, revocation, coveredBy, slot.Key.Definition.Provider);
        lock (_gate)
        {
            _debts.Add(debt);
            if (!_abandoned && !slot.IsClosed)
            {
                return debt.Id;
            }
        }

        // Whoever waited has gone, or the task has ended: neither will see to this debt.
        book.Owe(debt.Id, uses: 0);
        throw new CredentialIssueException($"credential '{slot.Key.Definition.Name}': nobody waits for it any more.");
    }

    /// <summary>Nothing of this issuance will be used.</summary>
    public void Abandon()
    {
        IReadOnlyList<Debt> debts;
        lock (_gate)
        {
            _abandoned = true;
            debts = [.. _debts];
        }

        foreach (var debt in debts)
        {
            if (slot.IsClosed)
            {
                book.Owe(debt.Id, uses: 0);
            }
            else if (!debt.Owed.Revocation.ServesTask)
            {
                // What serves the task lives on with it: the next issuance will use it.
                book.OweUnused(debt.Id);
            }
        }
    }
}
