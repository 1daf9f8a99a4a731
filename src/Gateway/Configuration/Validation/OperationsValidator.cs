using System.Text.RegularExpressions;
using Gateway.Routing;

namespace Gateway.Configuration;

/// <summary>Checks a tool's <c>Operations</c>.</summary>
internal static partial class OperationsValidator
{
    public static void Validate(ToolOptions tool, string toolKey, ConfigurationErrors errors)
    {
        var shapes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in tool.Operations)
        {
            var key = $"{toolKey}:Operations:{name}";
            CheckName(name, key, errors);
            if (!OperationTemplate.TryParse(text, out var template, out var problem))
            {
                errors.Add(key, problem);
            }
            else if (!shapes.TryAdd(template.Shape, name))
            {
                errors.Add(key, $"matches the same requests as {shapes[template.Shape]}: remove one, or tell them apart.");
            }
        }

        if (tool.OnlyOperations && tool.Operations.Count == 0)
        {
            errors.Warn($"{toolKey}:OnlyOperations", "leaves nothing to call, for there are no Operations.");
        }
    }

    private static void CheckName(string name, string key, ConfigurationErrors errors)
    {
        if (!Shape().IsMatch(name))
        {
            errors.Add(key, "has a name that cannot be used: choose letters, digits, '.', '_', '/' and '-', such as \"issues.create\".");
        }
        else if (!name.Any(char.IsAsciiLetterLower))
        {
            // Requests that match no operation are put to policy as "<tool>/<METHOD>". Such a name would let an agent claim the
            // operation by choosing a method.
            errors.Add(key, "must have a lower-case letter in its name, which else could be the method of a request.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._/-]{1,128}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
