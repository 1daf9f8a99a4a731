namespace Gateway.Configuration;

/// <summary>Collects everything that is wrong, once per mistake.</summary>
internal sealed class ConfigurationErrors
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];
    private readonly HashSet<string> _silentBranches = new(StringComparer.OrdinalIgnoreCase);

    public bool Any => _errors.Count > 0;

    /// <summary>Reports that something of the wrong shape is written at the key; what is below it is then not judged.</summary>
    public void AddStructural(string key, string message)
    {
        _errors.Add(new(key, message));
        _silentBranches.Add(key);
    }

    /// <summary>As <see cref="AddStructural"/>, unless the reason has been reported already: a misspelt key, for one.</summary>
    public void AddMissingOrWrong(string key, string message)
    {
        if (!IsSilent(key))
        {
            AddStructural(key, message);
        }
    }

    /// <summary>Reports that a value of the right shape is wrong, unless that merely follows from an error reported before.</summary>
    public void Add(string key, string message)
    {
        if (!IsSilent(key))
        {
            _errors.Add(new(key, message));
        }
    }

    /// <summary>As <see cref="Add"/>, of a key that could be replaced by another.</summary>
    public void AddUnlessEither(string key, string alternative, string message)
    {
        if (!IsSilent(alternative))
        {
            Add(key, message);
        }
    }

    public void Warn(string key, string message)
    {
        if (!IsSilent(key))
        {
            _warnings.Add(new(key, message));
        }
    }

    /// <summary>Judges nothing at and below the key any further.</summary>
    public void SilenceBranch(string key) => _silentBranches.Add(key);

    /// <summary>The errors in the order of the file, and whatever else was found out about them.</summary>
    public ConfigurationResult ToResult(GatewayOptions? options, ConfigurationNode? root)
    {
        var nodes = new Dictionary<string, (int Rank, ConfigurationNode Node)>(StringComparer.OrdinalIgnoreCase);
        if (root is not null)
        {
            Number(root, nodes);
        }

        return new(Any ? null : options, Finish(_errors, nodes), Finish(_warnings, nodes));
    }

    private static List<ConfigurationError> Finish(List<ConfigurationError> found, Dictionary<string, (int Rank, ConfigurationNode Node)> nodes) =>
        [.. found.OrderBy(error => Rank(error.Key, nodes)).Select(error => WithOrigin(error, nodes))];

    private static ConfigurationError WithOrigin(ConfigurationError error, Dictionary<string, (int Rank, ConfigurationNode Node)> nodes) =>
        nodes.TryGetValue(error.Key, out var found) && found.Node.Origin is { } origin
            ? error with { Message = $"{error.Message} (Set by {origin}.)" }
            : error;

    /// <summary>A key that is missing counts as standing where its parent does.</summary>
    private static int Rank(string key, Dictionary<string, (int Rank, ConfigurationNode Node)> nodes)
    {
        for (var end = key.Length; end > 0; end = key.LastIndexOf(':', end - 1))
        {
            if (nodes.TryGetValue(key[..end], out var found))
            {
                return found.Rank;
            }
        }

        return 0;
    }

    private static void Number(ConfigurationNode node, Dictionary<string, (int Rank, ConfigurationNode Node)> nodes)
    {
        // Agents whose ids differ in case only share a rank, which is good enough for an order.
        nodes.TryAdd(node.Path, (nodes.Count, node));
        foreach (var child in node.Children.Values)
        {
            Number(child, nodes);
        }
    }

    private bool IsSilent(string key)
    {
        for (var end = key.Length; end > 0; end = key.LastIndexOf(':', end - 1))
        {
            if (_silentBranches.Contains(key[..end]))
            {
                return true;
            }
        }

        return false;
    }
}
