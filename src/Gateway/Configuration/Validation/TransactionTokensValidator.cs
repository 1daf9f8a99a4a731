using Gateway.Core.Identity.Kinds;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Tasks:TransactionTokens</c>.</summary>
internal static class TransactionTokensValidator
{
    private const string Section = "Gateway:Tasks:TransactionTokens:Issuers";

    private static readonly IReadOnlyList<string> DefaultTypes = new IssuerOptions { Audiences = [] }.TokenTypes;

    /// <param name="options">What is checked.</param>
    /// <param name="identity">The issuers of agents' tokens, whose names may be meant too.</param>
    /// <param name="errors">Where errors go.</param>
    public static void Validate(TransactionTokensOptions options, IdentityOptions identity, ConfigurationErrors errors)
    {
        IdentityValidator.ValidateIssuers(options.Issuers, Section, registeredOnly: false, errors);
        foreach (var (name, issuer) in options.Issuers)
        {
            var key = $"{Section}:{name}";
            if (issuer.Kind != IssuerKind.Oidc)
            {
                errors.Add($"{key}:Kind", "must be Oidc, or be removed: other kinds do not issue Transaction Tokens.");
            }

            if (issuer.ProofOfPossession != ProofOfPossession.None)
            {
                errors.Add($"{key}:ProofOfPossession", "must be None: a Transaction Token is not bound to a key.");
            }

            if (!issuer.TokenTypes.SequenceEqual(DefaultTypes))
            {
                errors.Add($"{key}:TokenTypes", "is always \"txntoken+jwt\" here: remove the key.");
            }

            if (issuer.AgentId is not null)
            {
                errors.Add($"{key}:AgentId", "belongs to issuers of agents' tokens: a Transaction Token's subject is named by \"sub\". Remove the key.");
            }

            if (identity.Issuers.TryGetValue(name, out var other) && other.Issuer != issuer.Issuer)
            {
                errors.Add(key, "is the name of another issuer in Gateway:Identity:Issuers, so that one id could mean two subjects: choose another name.");
            }
        }
    }
}
