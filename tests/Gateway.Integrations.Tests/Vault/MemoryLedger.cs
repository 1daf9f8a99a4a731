using Gateway.Core.Credentials;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>A ledger that forgets with the process, and fails when told to.</summary>
internal sealed class MemoryLedger : IRevocationLedger
{
    private readonly Lock _gate = new();
    private readonly List<(string Id, Revocation Revocation, string? CoveredBy)> _debts = [];

    /// <summary>Runs before a debt is taken; may throw.</summary>
    public Action<Revocation>? BeforeOwing { get; set; }

    public IReadOnlyList<(string Id, Revocation Revocation, string? CoveredBy)> Debts
    {
        get
        {
            lock (_gate)
            {
                return [.. _debts];
            }
        }
    }

    public IEnumerable<Revocation> Of(string kind) => Debts.Where(d => d.Revocation.Kind == kind).Select(d => d.Revocation);

    public ValueTask<string> OweAsync(Revocation revocation, string? coveredBy, CancellationToken cancellationToken)
    {
        BeforeOwing?.Invoke(revocation);
        lock (_gate)
        {
            var id = $"debt-{_debts.Count + 1}";
            _debts.Add((id, revocation, coveredBy));
            return new(id);
        }
    }
}
