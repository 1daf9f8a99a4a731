namespace Gateway.Configuration;

/// <summary>Checks what proofs of possession need: rules for proofs, and listeners that can take them.</summary>
internal static class PossessionValidator
{
    private const string Agents = "Gateway:Listeners:Agents";
    private const string Dpop = "Gateway:Identity:Dpop";

    public static void Validate(GatewayOptions options, ConfigurationErrors errors)
    {
        foreach (var (index, listener) in options.Listeners.Agents.Index())
        {
            ValidateUrls(listener, $"{Agents}:{index}:ExternalUrls", errors);
        }

        IdentityValidator.ValidateAlgorithms(options.Identity.Dpop.Algorithms, $"{Dpop}:Algorithms", errors);
        foreach (var (name, issuer) in options.Identity.Issuers)
        {
            var key = $"Gateway:Identity:Issuers:{name}:ProofOfPossession";
            if (issuer.ProofOfPossession == ProofOfPossession.MutualTls && !options.Listeners.Agents.Any(TakesCertificates))
            {
                errors.Add(key, "needs a client certificate, and no listener asks for one: write \"ClientCertificate\": \"Accept\" at an https listener of Gateway:Listeners:Agents.");
            }
            else if (issuer.ProofOfPossession == ProofOfPossession.DPoP && !options.Listeners.Agents.Any(ExternalUrls.AreKnown))
            {
                errors.Add(key, "needs to know by which URL agents call: write it into ExternalUrls of a listener of Gateway:Listeners:Agents, such as [\"https://gateway.example.com\"].");
            }
        }

        WarnOfUnknownUrls(options, errors);
    }

    private static bool TakesCertificates(ListenerOptions listener) =>
        listener.ClientCertificate != ListenerClientCertificate.None && listener.Url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static void WarnOfUnknownUrls(GatewayOptions options, ConfigurationErrors errors)
    {
        if (options.Identity.Issuers.Values.All(issuer => issuer.ProofOfPossession != ProofOfPossession.DPoP) || !options.Listeners.Agents.Any(ExternalUrls.AreKnown))
        {
            return;
        }

        foreach (var (index, _) in options.Listeners.Agents.Index().Where(entry => !ExternalUrls.AreKnown(entry.Item)))
        {
            errors.Warn($"{Agents}:{index}:ExternalUrls", "is not set, and Url does not tell by which URL agents call: DPoP proofs are refused at this listener. Write for example [\"https://gateway.example.com\"].");
        }
    }

    private static void ValidateUrls(ListenerOptions listener, string key, ConfigurationErrors errors)
    {
        foreach (var (index, url) in listener.ExternalUrls.Index())
        {
            if (WebAddress.CheckUpstream(url) is { } problem)
            {
                errors.Add($"{key}:{index}", problem);
            }
        }
    }
}
