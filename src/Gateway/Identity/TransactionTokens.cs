using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Pipeline;

namespace Gateway.Identity;

/// <summary>Reads <c>Txn-Token</c>, whose tokens are verified as strictly as an agent's own, by issuers of their own.</summary>
internal sealed class TransactionTokens(TimeProvider clock)
{
    public const string Header = "Txn-Token";

    private readonly JwtAuthenticator _tokens = new(IssuerSet.Empty, clock);

    /// <returns>What the token says; null where there is none, or nobody is configured to issue them. Or why the call is refused.</returns>
    public async ValueTask<(TransactionToken? Token, Refusal? Refusal)> ReadAsync(Call call, AgentIdentity agent, CancellationToken cancellationToken)
    {
        var issuers = call.Snapshot.TransactionIssuers;
        var header = call.Http.Request.Headers[Header];
        if (header.Count == 0 || issuers.All.Count == 0)
        {
            return default;
        }

        if (header is not [{ } text])
        {
            return (null, IdentityRefusals.OfTransaction(IdentityFailure.Malformed));
        }

        // With nothing proven, a token that is bound to a key says nothing.
        var verified = (await _tokens.AuthenticateAsync(text.AsMemory(), issuers, cancellationToken)).Prove(default);
        var failure = verified.Failure;
        return verified.Succeeded && TransactionToken.Read(verified.Agent, agent, call.Snapshot.Issuers, out failure) is { } token
            ? (token, null)
            : (null, IdentityRefusals.OfTransaction(failure));
    }
}
