using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Keeps the accounts of the tasks' leases: opened before the first use, closed with the number of uses.</summary>
/// <remarks>What cannot be written is kept and written later; what is asked for includes it.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that nobody waits for by its handle holds nothing, and the last flush may outlive the store.")]
internal sealed class LeaseAccountant(ILeaseAccounts accounts, RevocationBook book, TimeProvider clock, ILogger logger)
{
    private readonly ConcurrentDictionary<string, LeaseAccount> _unwritten = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <exception cref="CredentialIssueException">It cannot be remembered, so the lease must not be used.</exception>
    public async Task OpenAsync(Lease lease)
    {
        if (lease.Key.Task.Length > 0)
        {
            await OpenAsync(Of(lease, endedAt: null));
        }
    }

    /// <summary>Accounts for what was issued and will not be used.</summary>
    public async Task OpenUnusedAsync(IssuanceLedger ledger, LeaseKey key)
    {
        if (key.Task.Length == 0 || ledger.Own.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var account = new LeaseAccount
        {
            Id = ledger.Lease,
            Key = key,
            IssuedAt = now,
            ExpiresAt = now,
            EndedAt = now,
            UsesAreExact = true,
            Debt = ledger.Own[^1],
        };
        try
        {
            await OpenAsync(account);
        }
        catch (CredentialIssueException unavailable)
        {
            logger.AccountsUnavailable(unavailable.Message);
        }
    }

    /// <summary>Takes down the uses of a lease, and its end.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="endedAt">Null while it lives.</param>
    public void Note(Lease lease, DateTimeOffset? endedAt)
    {
        if (lease.Key.Task.Length > 0)
        {
            var account = Of(lease, endedAt);
            _unwritten.AddOrUpdate(account.Id, account, (_, former) => former.EndedAt is null ? account : former);
        }
    }

    /// <summary>Writes what was noted, as far as it can be written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_unwritten.IsEmpty)
        {
            return;
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            KeyValuePair<string, LeaseAccount>[] batch = [.. _unwritten];
            await accounts.UpdateAsync([.. batch.Select(a => a.Value)], cancellationToken);
            foreach (var written in batch)
            {
                _unwritten.TryRemove(written);
            }
        }
        catch (LedgerUnavailableException unavailable)
        {
            logger.AccountsUnavailable(unavailable.Message);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <exception cref="LedgerUnavailableException">They cannot be read.</exception>
    public async Task<IReadOnlyList<LeaseAccount>> OfTaskAsync(string task, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var written = await accounts.OfTaskAsync(task, cancellationToken);
        return [.. written.Select(Current)];
    }

    private LeaseAccount Current(LeaseAccount account)
    {
        if (_unwritten.TryGetValue(account.Id, out var later))
        {
            account = account with { Uses = later.Uses, UsesAreExact = later.UsesAreExact, EndedAt = later.EndedAt, ExpiresAt = later.ExpiresAt };
        }

        return account is { Revocation: LeaseRevocation.Queued, Debt: { } debt } && book.IsStuck(debt)
            ? account with { Revocation = LeaseRevocation.Failed }
            : account;
    }

    private async Task OpenAsync(LeaseAccount account)
    {
        try
        {
            // Not to be cancelled: an account that was written and is not known to be would be opened twice.
            await accounts.OpenAsync(account, CancellationToken.None);
        }
        catch (LedgerUnavailableException unavailable)
        {
            throw new CredentialIssueException($"credential '{account.Key.Credential}': its lease cannot be accounted for: {unavailable.Message}");
        }
    }

    private static LeaseAccount Of(Lease lease, DateTimeOffset? endedAt) => new()
    {
        Id = lease.Id,
        Key = lease.Key,
        IssuedAt = lease.Reference.IssuedAt,
        ExpiresAt = lease.Reference.ExpiresAt,
        EndedAt = endedAt,
        Uses = lease.Uses,
        UsesAreExact = true,
        ResidualExpiry = lease.DiesAt,
        Debt = lease.Debt,
    };
}
