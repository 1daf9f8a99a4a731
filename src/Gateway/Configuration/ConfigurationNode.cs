using System.Diagnostics.CodeAnalysis;

namespace Gateway.Configuration;

/// <summary>A key of the configuration and what is below it, all sources taken together.</summary>
/// <remarks>
/// The framework's own tree is flat, with ":" between the names. That cannot hold agent ids, which have colons in them, nor
/// tell an empty list from an empty object, nor keep agents apart whose subjects differ in case only.
/// </remarks>
internal sealed class ConfigurationNode(string path, ConfigurationNodeKind kind)
{
    /// <summary>A table whose keys others have chosen: whoever names the agents.</summary>
    public const string AgentTable = "Gateway:Identity:Agents";

    private const string IssuerTable = "Gateway:Identity:Issuers:";
    private const string ClaimTable = $":{nameof(IssuerOptions.RequiredClaims)}";

    /// <summary>The key as a whole, ":" between the names.</summary>
    public string Path { get; } = path;

    public ConfigurationNodeKind Kind { get; private set; } = kind;

    /// <summary>The scalar; it can stand beside <see cref="Children"/> where two sources disagree about what the key is.</summary>
    public string? Value { get; private set; }

    /// <summary>Where an overridden value comes from; null for the file.</summary>
    public string? Origin { get; private set; }

    /// <summary>Whether the file has the scalar as a number or truth value, not as a text.</summary>
    public bool IsLiteral { get; private set; }

    public OrderedDictionary<string, ConfigurationNode> Children { get; } = new(HasForeignKeys(path) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    public static bool IsAbsent([NotNullWhen(false)] ConfigurationNode? node) => node is null or { Kind: ConfigurationNodeKind.Null };

    public static bool IsAgentTable(string path) => string.Equals(path, AgentTable, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether keys there may have colons in them, and case matters: names of agents, and of claims.</summary>
    public static bool HasForeignKeys(string path) =>
        IsAgentTable(path)
        || (path.StartsWith(IssuerTable, StringComparison.OrdinalIgnoreCase) && path.EndsWith(ClaimTable, StringComparison.OrdinalIgnoreCase));

    public static string Combine(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";

    public void Set(string value, string? origin = null, bool isLiteral = false)
    {
        (Kind, Value, Origin, IsLiteral) = (ConfigurationNodeKind.Scalar, value, origin, isLiteral);
    }

    /// <summary>The child of that name, made where there is none.</summary>
    public ConfigurationNode Child(string name)
    {
        if (!Children.TryGetValue(name, out var child))
        {
            child = new(Combine(Path, name), ConfigurationNodeKind.Null);
            Children.Add(name, child);
        }

        if (Kind == ConfigurationNodeKind.Null)
        {
            Kind = ConfigurationNodeKind.Object;
        }

        return child;
    }
}
