using System.Collections.ObjectModel;

namespace Gateway.Configuration;

/// <summary>Whose Transaction Tokens (<c>Txn-Token</c>, draft-ietf-oauth-transaction-tokens) a task may be started with.</summary>
internal sealed record TransactionTokensOptions
{
    /// <summary>
    /// Transaction token services, as in <see cref="IdentityOptions.Issuers"/>, of kind Oidc; their tokens are of type
    /// <c>txntoken+jwt</c> and name the trust domain in <c>aud</c>. Default: none, and the header says nothing.
    /// </summary>
    public IReadOnlyDictionary<string, IssuerOptions> Issuers { get; init; } = ReadOnlyDictionary<string, IssuerOptions>.Empty;
}
