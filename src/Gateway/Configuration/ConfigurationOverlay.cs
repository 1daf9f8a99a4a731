namespace Gateway.Configuration;

/// <summary>Lays environment variables and command-line arguments over the file.</summary>
internal static class ConfigurationOverlay
{
    private const string Section = "Gateway:";
    private const string CommandLine = "the command line";

    private static readonly string[] AgentKeys = [.. OptionProperties.Of(typeof(AgentOptions)).Select(property => property.Name)];

    /// <summary><c>Gateway__Tools__github__Path=/github</c>; a list's entries by their index.</summary>
    public static void ApplyEnvironment(ConfigurationNode root, IEnumerable<KeyValuePair<string, string>> variables)
    {
        // The order of an environment means nothing; sorting makes errors come in the same order every time.
        foreach (var (name, value) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            Apply(root, name.Replace("__", ":", StringComparison.Ordinal), value, $"the environment variable {name}");
        }
    }

    /// <summary><c>--Gateway:Policy:Directory=policies</c> and the other spellings that ASP.NET Core takes.</summary>
    /// <remarks>The framework's own reader throws on other programs' switches and drops a last key without a value.</remarks>
    public static void ApplyCommandLine(ConfigurationNode root, IReadOnlyList<string> arguments, ConfigurationErrors errors)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            var assignment = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument.TrimStart('/');
            if (!assignment.StartsWith(Section, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var equals = assignment.IndexOf('=');
            if (equals >= 0)
            {
                Apply(root, assignment[..equals], assignment[(equals + 1)..], CommandLine);
            }
            else if (index + 1 < arguments.Count)
            {
                Apply(root, assignment, arguments[++index], CommandLine);
            }
            else
            {
                errors.AddStructural(assignment, $"has no value on the command line: write --{assignment}=VALUE.");
            }
        }
    }

    private static void Apply(ConfigurationNode root, string key, string value, string origin)
    {
        if (!key.StartsWith(Section, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var node = root;
        var names = key.Split(':');
        for (var index = 0; index < names.Length;)
        {
            var length = ConfigurationNode.IsAgentTable(node.Path) ? AgentIdLength(node, names.AsSpan(index)) : 1;
            node = node.Child(string.Join(':', names, index, length));
            index += length;
        }

        node.Set(value, origin);
    }

    /// <summary>How many of the names make up an agent's id, in which colons are ordinary characters.</summary>
    private static int AgentIdLength(ConfigurationNode table, ReadOnlySpan<string> names)
    {
        for (var length = names.Length; length > 0; length--)
        {
            if (table.Children.ContainsKey(string.Join(':', names[..length])))
            {
                return length;
            }
        }

        // An id that the file does not know has one colon at least, and ends before the first key of an agent's options.
        for (var length = 2; length < names.Length; length++)
        {
            if (AgentKeys.Contains(names[length], StringComparer.OrdinalIgnoreCase))
            {
                return length;
            }
        }

        return names.Length;
    }
}
