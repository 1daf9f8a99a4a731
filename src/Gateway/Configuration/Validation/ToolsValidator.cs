namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Tools</c>.</summary>
internal static class ToolsValidator
{
    private const string Section = "Gateway:Tools";

    public static void Validate(GatewayOptions options, ConfigurationErrors errors)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var paths = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, tool) in options.Tools)
        {
            var key = $"{Section}:{name}";
            if (ConfigurationName.Check(name) is { } problem)
            {
                errors.Add(key, problem);
            }

            if (ToolPath.Check(tool.Path) is { } wrong)
            {
                errors.Add($"{key}:Path", wrong);
            }
            else if (!paths.TryAdd(tool.Path, name))
            {
                errors.Add($"{key}:Path", $"is the path of {paths[tool.Path]} too, upper and lower case being the same: choose another.");
            }

            CheckCredential(tool.Credential, options.Credentials, $"{key}:Credential", errors);
            ValidateServers(tool, key, errors);
            ValidateHealthCheck(tool.HealthCheck?.Active, $"{key}:HealthCheck:Active", errors);
            EntityTextValidator.Validate(tool.Groups, tool.Labels, key, errors);
            OperationsValidator.Validate(tool, key, errors);
            LoggedFieldsValidator.Validate(tool, options.Credentials, key, errors);
            foreach (var (index, address) in tool.AllowAddresses.Index())
            {
                if (!AddressText.IsAddressOrBlock(address))
                {
                    errors.Add($"{key}:AllowAddresses:{index}", "must be an IP address or a CIDR block whose host bits are zero: write for example \"10.0.0.0/8\".");
                }
            }
        }

        if (options.Tools.Count == 0)
        {
            errors.Warn(Section, "has no entry: there is nothing to call before a tool is configured.");
        }
    }

    private static void CheckCredential(string name, IReadOnlyDictionary<string, CredentialOptions> credentials, string key, ConfigurationErrors errors)
    {
        if (credentials.ContainsKey(name))
        {
            return;
        }

        var nearest = NearestName.Find(name, credentials.Keys);
        errors.Add(key, nearest is not null ? $"names no entry of Gateway:Credentials; did you mean {nearest}?"
            : credentials.Count == 0 ? "names no entry of Gateway:Credentials, which has none: add one."
            : $"names no entry of Gateway:Credentials; there are {string.Join(", ", credentials.Keys)}.");
    }

    private static void ValidateServers(ToolOptions tool, string key, ConfigurationErrors errors)
    {
        switch (tool)
        {
            case { Upstream: not null, Destinations: not null }:
                errors.Add($"{key}:Upstream", "cannot stand beside Destinations: move it there as one more entry, or keep it alone.");
                break;
            case { Upstream: not null }:
                CheckServer(tool.Upstream, $"{key}:Upstream", errors);
                break;
            case { Destinations: null }:
                errors.AddUnlessEither($"{key}:Upstream", $"{key}:Destinations", "is required, unless there are Destinations: write the API's base URL such as \"https://api.example.com\".");
                break;
            case { Destinations.Count: 0 }:
                errors.Add($"{key}:Destinations", "must have an entry: write { \"a\": { \"Address\": \"https://a.example.com\" } }.");
                break;
        }

        foreach (var (name, destination) in tool.Destinations ?? new Dictionary<string, DestinationOptions>())
        {
            var destinationKey = $"{key}:Destinations:{name}";
            if (ConfigurationName.Check(name) is { } problem)
            {
                errors.Add(destinationKey, problem);
            }

            CheckServer(destination.Address, $"{destinationKey}:Address", errors);
            if (destination.Health is not null && WebAddress.CheckUpstream(destination.Health) is { } wrong)
            {
                errors.Add($"{destinationKey}:Health", wrong);
            }
        }
    }

    private static void CheckServer(string url, string key, ConfigurationErrors errors)
    {
        if (WebAddress.CheckUpstream(url) is { } problem)
        {
            errors.Add(key, problem);
        }
        else if (!WebAddress.IsEncryptedOrLocal(url))
        {
            errors.Warn(key, "sends the credential over the network without encryption: write https:// if the server can do it.");
        }
    }

    private static void ValidateHealthCheck(ActiveHealthCheckOptions? active, string key, ConfigurationErrors errors)
    {
        if (active?.Path is { } path && (!path.StartsWith('/') || path.AsSpan().ContainsAny('?', '#', ' ')))
        {
            errors.Add($"{key}:Path", "must begin with \"/\" and have no query: write for example \"/healthz\".");
        }
    }
}
