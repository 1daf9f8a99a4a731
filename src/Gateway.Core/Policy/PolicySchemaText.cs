using System.Text;

namespace Gateway.Core.Policy;

/// <summary>Writes what a configuration lets policies speak of as a Cedar schema in the human format.</summary>
internal static class PolicySchemaText
{
    /// <param name="vocabulary">What there is.</param>
    /// <param name="claimTypes">The Cedar type of each claim, by name.</param>
    public static string Create(PolicyVocabulary vocabulary, IReadOnlyDictionary<string, string> claimTypes)
    {
        var agentLabels = vocabulary.Agents.Values.SelectMany(agent => agent.Labels.Keys).Distinct(StringComparer.Ordinal);
        var text = new StringBuilder();
        text.Append("// Generated from the gateway's configuration; every policy is checked against it.\n\n");
        text.Append("entity AgentGroup;\n\nentity ToolGroup;\n\n");
        text.Append("entity Agent in [AgentGroup] = {\n  issuer: String,\n  method: String,\n  proofOfPossession: Bool,\n  environment?: String,\n");
        text.Append("  labels: ").Append(Record(agentLabels.Select(label => (label, "String", false)))).Append(",\n");
        text.Append("  claims: ").Append(Record(claimTypes.Select(claim => (claim.Key, claim.Value.Trim(), false)))).Append("\n};\n\n");
        text.Append("entity Tool in [ToolGroup] = {\n  labels: ").Append(ToolLabels(vocabulary.Tools)).Append(",\n  host: String\n};\n\n");
        text.Append(ContextSchema.CommonTypes).Append('\n');
        AppendActions(text, new ActionVocabulary(vocabulary.Tools));
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A label is certain to be there where every tool has it.</summary>
    private static string ToolLabels(IReadOnlyList<ToolVocabulary> tools) => Record(tools
        .SelectMany(tool => tool.Labels.Keys)
        .GroupBy(label => label, StringComparer.Ordinal)
        .Select(label => (label.Key, "String", label.Count() == tools.Count)));

    private static string Record(IEnumerable<(string Name, string Type, bool IsRequired)> attributes)
    {
        var lines = attributes
            .OrderBy(attribute => attribute.Name, StringComparer.Ordinal)
            .Select(attribute => $"    {CedarText.NameOf(attribute.Name)}{(attribute.IsRequired ? "" : "?")}: {attribute.Type}")
            .ToArray();
        return lines.Length == 0 ? "{}" : $"{{\n{string.Join(",\n", lines)}\n  }}";
    }

    private static void AppendActions(StringBuilder text, ActionVocabulary actions)
    {
        // Equal contexts share one named type: the validator then looks at a policy once for all actions that have it.
        var contexts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var action in actions.Callable.Where(action => action.CanOccur))
        {
            if (contexts.TryAdd(ContextSchema.KeyOf(action), $"Context{contexts.Count + 1}"))
            {
                text.Append("\ntype Context").Append(contexts.Count).Append(" = ").Append(ContextSchema.TypeOf(action)).Append(";\n");
            }
        }

        text.Append('\n');
        foreach (var group in actions.Groups)
        {
            text.Append("action ").Append(CedarText.Quote(group.Uid.Id)).Append(";\n");
        }

        text.Append('\n');
        foreach (var action in actions.Callable)
        {
            text.Append("action ").Append(CedarText.Quote(action.Definition.Uid.Id)).Append(" in [")
                .AppendJoin(", ", action.Definition.Parents.Select(parent => CedarText.Quote(parent.Id))).Append(']');
            if (action.CanOccur)
            {
                text.Append(" appliesTo { principal: Agent, resource: Tool, context: ").Append(contexts[ContextSchema.KeyOf(action)]).Append(" }");
            }

            text.Append(";\n");
        }
    }
}
