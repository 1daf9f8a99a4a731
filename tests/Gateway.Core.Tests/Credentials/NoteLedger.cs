using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

/// <summary>The ledger of one issuance, for tests of a provider alone.</summary>
internal sealed class NoteLedger : IRevocationLedger
{
    public List<(Revocation Revocation, string? CoveredBy)> Notes { get; } = [];

    public ValueTask<string> OweAsync(Revocation revocation, string? coveredBy, CancellationToken cancellationToken)
    {
        Notes.Add((revocation, coveredBy));
        return new($"debt-{Notes.Count}");
    }
}
