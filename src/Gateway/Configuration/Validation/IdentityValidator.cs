using Gateway.Core.Identity.Kinds;
using Gateway.Core.Identity.Peers;
using Gateway.Core.Identity.Spiffe;
using Gateway.Core.Policy;
using Gateway.Hosting;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Identity</c>.</summary>
internal static class IdentityValidator
{
    private const string Section = "Gateway:Identity";
    private const string SpiffeScheme = "spiffe";

    /// <summary>What the default of <see cref="IssuerOptions.Algorithms"/> holds is all there is.</summary>
    private static readonly IReadOnlyList<string> Algorithms = new IssuerOptions { Audiences = [] }.Algorithms;

    /// <summary>How long ahead an agent's end is worth a warning.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public static void Validate(IdentityOptions options, ConfigurationErrors errors, DateTimeOffset now)
    {
        ValidateIssuers(options.Issuers, $"{Section}:Issuers", options.RegisteredOnly, errors);
        TrustDomainsValidator.Validate(options, errors);
        if (options.Issuers.Count == 0 && options.TrustDomains.Count == 0 && options.UnixPeers.Count == 0)
        {
            errors.Warn($"{Section}:Issuers", "has no entry: nobody can call before an issuer or a trust domain is configured.");
        }

        foreach (var (id, agent) in options.Agents)
        {
            ValidateAgent(id, agent, options, errors);
            ValidateEnd(agent.NotAfter, $"{Section}:Agents:{id}:NotAfter", errors, now);
        }

        if (options is { RegisteredOnly: true, Agents.Count: 0 })
        {
            errors.Warn($"{Section}:RegisteredOnly", "refuses everybody, for there are no Agents.");
        }

        ValidateClaimTypes(options, errors);
        ValidatePeerClaims(options, errors);
    }

    /// <param name="issuers">Issuers of agents' or of operators' tokens.</param>
    /// <param name="section">Their key.</param>
    /// <param name="registeredOnly">Whether those whom they name must be listed besides.</param>
    /// <param name="errors">Where errors go.</param>
    public static void ValidateIssuers(IReadOnlyDictionary<string, IssuerOptions> issuers, string section, bool registeredOnly, ConfigurationErrors errors)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, issuer) in issuers)
        {
            var key = $"{section}:{name}";
            CheckName(name, key, errors);
            Validate(issuer, key, errors);
            IssuerKindValidator.Validate(issuer, key, registeredOnly, errors);
            if (IssuerDefaults.Issuer(issuer) is { Length: > 0 } iss
                && IssuerDefaults.OtherIssuers(issuer).Prepend(iss).FirstOrDefault(spelling => !names.TryAdd(spelling, name)) is { } taken)
            {
                errors.Add($"{key}:Issuer", $"is the issuer of {names[taken]} too, so that a token could mean either: keep one of the entries.");
            }
        }
    }

    private static void ValidateClaimTypes(IdentityOptions options, ConfigurationErrors errors)
    {
        var claims = VisibleClaims.Of(options);
        foreach (var (claim, type) in options.ClaimTypes)
        {
            var key = $"{Section}:ClaimTypes:{claim}";
            if (ClaimTypes.Check(type) is { } problem)
            {
                errors.Add(key, $"is not a Cedar type ({problem}): write String, Set<String>, Long, Bool, or a record such as {{ team: String, level?: Long }}.");
            }
            else if (!claims.Contains(claim, StringComparer.Ordinal))
            {
                var nearest = NearestName.Find(claim, claims);
                errors.Warn(key, $"is the type of a claim that policy sees of no agent{(nearest is null ? "" : $"; did you mean {nearest}?")}: the entry has no effect.");
            }
        }
    }

    /// <summary>A claim has one type for all agents, and that of a process's claims is settled. A forbid that reads another value as it is skipped.</summary>
    private static void ValidatePeerClaims(IdentityOptions options, ConfigurationErrors errors)
    {
        foreach (var (claim, type) in VisibleClaims.OfPeers(options))
        {
            if (options.ClaimTypes.TryGetValue(claim, out var said))
            {
                if (said.Trim() != type)
                {
                    errors.Add($"{Section}:ClaimTypes:{claim}", $"must be {type}, which it is for the agents of UnixPeers: remove the entry, and the claim from the Claims of issuers whose tokens have it as something else.");
                }

                continue;
            }

            foreach (var (name, _) in options.Issuers.Where(issuer => VisibleClaims.Of(issuer.Value).Contains(claim, StringComparer.Ordinal)))
            {
                errors.Warn($"{Section}:Issuers:{name}:Claims", $"names {claim}, which the agents of UnixPeers have too, as {type}: policies that read it fail for tokens in which it is something else. Where all have it so, say it in ClaimTypes.");
            }
        }
    }

    private static void CheckName(string name, string key, ConfigurationErrors errors)
    {
        if (name.Equals(PeerRules.Issuer, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(key, "must have another name: agent ids that begin with it are those of UnixPeers.");
        }
        else if (name.Equals(SpiffeScheme, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(key, "must have another name: agent ids begin with it, and the issuer's subjects could pass for SPIFFE IDs.");
        }
        else if (ConfigurationName.Check(name) is { } problem)
        {
            errors.Add(key, problem);
        }
    }

    private static void Validate(IssuerOptions issuer, string key, ConfigurationErrors errors)
    {
        if (IssuerDefaults.Issuer(issuer) is null && issuer.Kind != IssuerKind.Entra)
        {
            errors.Add($"{key}:Issuer", "is required: write the issuer's URL exactly as its tokens spell it in \"iss\", such as \"https://idp.example\".");
        }

        if (issuer.Audiences.Count == 0)
        {
            errors.Add($"{key}:Audiences", "must have an entry: write what the tokens say in \"aud\", such as [\"gateway\"].");
        }

        ValidateKeys(issuer, key, errors);
        ValidateAlgorithms(issuer.Algorithms, $"{key}:Algorithms", errors);
        if (issuer.TokenTypes.Count == 0)
        {
            errors.Add($"{key}:TokenTypes", "must have an entry: write token types such as [\"at+jwt\"], or remove the key.");
        }

        if (issuer.RefreshInterval > issuer.MaxKeyAge)
        {
            errors.Add($"{key}:RefreshInterval", "must not be longer than MaxKeyAge: the keys would be refused before they are fetched again.");
        }
    }

    private static void ValidateKeys(IssuerOptions issuer, string key, ConfigurationErrors errors)
    {
        if (issuer is { JwksUri: not null, JwksFile: not null })
        {
            errors.Add($"{key}:JwksFile", "cannot stand beside JwksUri: keep one of them.");
        }
        else if (issuer.JwksUri is not null)
        {
            if (WebAddress.CheckTrusted(issuer.JwksUri, queryAllowed: true) is { } problem)
            {
                errors.Add($"{key}:JwksUri", problem);
            }
        }
        else if (issuer.JwksFile is not null)
        {
            if (!File.Exists(issuer.JwksFile))
            {
                errors.Add($"{key}:JwksFile", "names a file that does not exist: write the path of a JWKS file, relative to the configuration file.");
            }
        }
        else if (IssuerDefaults.JwksUri(issuer) is null && IssuerDefaults.Issuer(issuer) is { } iss && WebAddress.CheckTrusted(iss, queryAllowed: false) is { } problem)
        {
            errors.Add($"{key}:Issuer", $"{problem} The keys are looked for below it; an issuer that is no such URL needs JwksUri or JwksFile.");
        }
    }

    internal static void ValidateAlgorithms(IReadOnlyList<string> algorithms, string key, ConfigurationErrors errors)
    {
        if (algorithms.Count == 0)
        {
            errors.Add(key, "must have an entry: write signature algorithms such as [\"ES256\"], or remove the key.");
        }

        foreach (var (index, algorithm) in algorithms.Index().Where(entry => !Algorithms.Contains(entry.Item, StringComparer.Ordinal)))
        {
            var reason = algorithm.StartsWith("HS", StringComparison.OrdinalIgnoreCase)
                ? "is symmetric, so that whoever verifies tokens could also make them"
                : "is not a signature algorithm that this version verifies";
            errors.Add($"{key}:{index}", $"{reason}: write one of {string.Join(", ", Algorithms)}.");
        }
    }

    private static void ValidateEnd(DateTimeOffset? end, string key, ConfigurationErrors errors, DateTimeOffset now)
    {
        if (end < now)
        {
            errors.Warn(key, "has passed: the agent is refused. Write its new last day, or remove the agent.");
        }
        else if (end < now + Notice)
        {
            errors.Warn(key, $"is within {Notice.Days} days: afterwards the agent is refused.");
        }
    }

    private static void ValidateAgent(string id, AgentOptions agent, IdentityOptions options, ConfigurationErrors errors)
    {
        var key = $"{Section}:Agents:{id}";
        EntityTextValidator.Validate(agent.Groups, agent.Labels, key, errors);
        if (options.UnixPeers.Any(peer => UnixPeerRules.AgentIdOf(peer) == id))
        {
            return;
        }

        if (id.StartsWith($"{SpiffeScheme}://", StringComparison.Ordinal))
        {
            ValidateSpiffeId(id, key, options, errors);
            return;
        }

        var colon = id.IndexOf(':');
        if (colon <= 0 || colon == id.Length - 1)
        {
            errors.Add(key, "is not an agent id: write the issuer's name, a colon and the token's subject, such as \"corp:billing\".");
        }
        else if (!options.Issuers.ContainsKey(id[..colon]))
        {
            errors.Warn(key, "begins with the name of no configured issuer: the entry has no effect.");
        }
    }

    private static void ValidateSpiffeId(string id, string key, IdentityOptions options, ConfigurationErrors errors)
    {
        if (!SpiffeId.TryParse(id, out var parsed) || !parsed.HasPath)
        {
            errors.Add(key, "is not a workload's SPIFFE ID: write a trust domain in small letters and a path without a slash at its end, such as \"spiffe://example.org/agent/billing\".");
        }
        else if (!options.TrustDomains.ContainsKey(parsed.TrustDomain))
        {
            errors.Warn(key, "lies in no configured trust domain: the entry has no effect.");
        }
    }
}
