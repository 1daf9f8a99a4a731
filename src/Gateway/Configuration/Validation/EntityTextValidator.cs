namespace Gateway.Configuration;

/// <summary>Checks the groups and labels that agents and tools have in policy.</summary>
internal static class EntityTextValidator
{
    public static void Validate(IReadOnlyList<string> groups, IReadOnlyDictionary<string, string> labels, string key, ConfigurationErrors errors)
    {
        foreach (var (index, group) in groups.Index().Where(entry => entry.Item.Any(char.IsControl)))
        {
            errors.Add($"{key}:Groups:{index}", "must not contain line breaks or other control characters.");
        }

        foreach (var name in labels.Keys.Where(name => string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl)))
        {
            errors.Add($"{key}:Labels:{name}", "must have a name, without line breaks and other control characters.");
        }
    }
}
