namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Admin</c>.</summary>
internal static class AdminValidator
{
    public static void Validate(AdminOptions options, ConfigurationErrors errors)
    {
        IdentityValidator.ValidateIssuers(options.Issuers, "Gateway:Admin:Issuers", registeredOnly: false, errors);
        foreach (var (name, issuer) in options.Issuers)
        {
            if (issuer.ProofOfPossession != ProofOfPossession.None)
            {
                errors.Add($"Gateway:Admin:Issuers:{name}:ProofOfPossession", "must be None: the admin listener does not verify proofs.");
            }
        }
    }
}
