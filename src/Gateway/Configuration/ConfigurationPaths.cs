namespace Gateway.Configuration;

/// <summary>Makes the paths in options absolute.</summary>
internal static class ConfigurationPaths
{
    /// <param name="options">Options as read.</param>
    /// <param name="baseDirectory">What relative paths are relative to: the configuration file's directory.</param>
    public static GatewayOptions Resolve(GatewayOptions options, string baseDirectory)
    {
        return options with
        {
            DataDirectory = Absolute(options.DataDirectory),
            Listeners = options.Listeners with
            {
                Agents = [.. options.Listeners.Agents.Select(Listener)],
                Admin = Listener(options.Listeners.Admin),
            },
            Identity = options.Identity with { Issuers = Issuers(options.Identity.Issuers), TrustDomains = TrustDomains() },
            Admin = options.Admin with { Issuers = Issuers(options.Admin.Issuers) },
            Tasks = options.Tasks with { TransactionTokens = new() { Issuers = Issuers(options.Tasks.TransactionTokens.Issuers) } },
            Vault = options.Vault is { } vault ? Vault(vault) : null,
            Policy = options.Policy with { Directory = Absolute(options.Policy.Directory) },
            Audit = options.Audit with { Directory = Absolute(options.Audit.Directory), Sinks = Sinks() },
        };

        ListenerOptions Listener(ListenerOptions listener) =>
            listener with { Url = SocketUrl(listener.Url), Certificate = AbsoluteOrNull(listener.Certificate), Key = AbsoluteOrNull(listener.Key) };

        string SocketUrl(string url)
        {
            const string scheme = ListenerAddress.UnixScheme;
            return url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && url.Length > scheme.Length && !Path.EndsInDirectorySeparator(url)
                ? $"{scheme}{Absolute(url[scheme.Length..])}"
                : url;
        }

        OrderedDictionary<string, IssuerOptions> Issuers(IReadOnlyDictionary<string, IssuerOptions> issuers) =>
            new(issuers.Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { JwksFile = AbsoluteOrNull(pair.Value.JwksFile), CaFile = AbsoluteOrNull(pair.Value.CaFile) })));

        OrderedDictionary<string, TrustDomainOptions> TrustDomains() =>
            new(options.Identity.TrustDomains.Select(pair => KeyValuePair.Create(pair.Key, TrustDomain(pair.Value))));

        TrustDomainOptions TrustDomain(TrustDomainOptions domain) => domain with
        {
            BundleFile = AbsoluteOrNull(domain.BundleFile),
            BundleEndpoint = domain.BundleEndpoint is { } endpoint ? endpoint with { CaFile = AbsoluteOrNull(endpoint.CaFile) } : null,
        };

        VaultOptions Vault(VaultOptions vault) => vault with
        {
            CaFile = AbsoluteOrNull(vault.CaFile),
            Auth = vault.Auth with
            {
                JwtFile = AbsoluteOrNull(vault.Auth.JwtFile),
                Certificate = AbsoluteOrNull(vault.Auth.Certificate),
                Key = AbsoluteOrNull(vault.Auth.Key),
            },
        };

        OrderedDictionary<string, AuditSinkOptions> Sinks() =>
            new(options.Audit.Sinks.Select(pair => KeyValuePair.Create(pair.Key, Sink(pair.Value))));

        AuditSinkOptions Sink(AuditSinkOptions sink) =>
            sink with { CaFile = AbsoluteOrNull(sink.CaFile), Certificate = AbsoluteOrNull(sink.Certificate), Key = AbsoluteOrNull(sink.Key) };

        string Absolute(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, baseDirectory));

        string? AbsoluteOrNull(string? path) => path is null ? null : Absolute(path);
    }
}
