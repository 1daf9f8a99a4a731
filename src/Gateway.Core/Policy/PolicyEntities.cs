using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>Tools and agents as Cedar entities.</summary>
internal static class PolicyEntities
{
    public static EntityDefinition Define(ToolVocabulary tool) => new(
        new EntityUid("Tool", tool.Name),
        [.. tool.Groups.Select(g => new EntityUid("ToolGroup", g))],
        CedarRecord.Create([new("labels", CedarValue.From(Labels(tool.Labels))), new("host", CedarValue.From(tool.Host))]));

    /// <param name="id">The agent's id.</param>
    /// <param name="registration">What configuration says of it; null where that is nothing.</param>
    /// <param name="attributes">What its identity says.</param>
    public static EntityDefinition Define(string id, AgentRegistration? registration, params ReadOnlySpan<KeyValuePair<string, CedarValue>> attributes)
    {
        var all = new List<KeyValuePair<string, CedarValue>>(attributes.Length + 2);
        all.AddRange(attributes);
        all.Add(new("labels", CedarValue.From(Labels(registration?.Labels))));
        if (registration?.Labels.TryGetValue("environment", out var environment) == true)
        {
            all.Add(new("environment", CedarValue.From(environment)));
        }

        return new EntityDefinition(new EntityUid("Agent", id), [.. (registration?.Groups ?? []).Select(g => new EntityUid("AgentGroup", g))], CedarRecord.Create(all));
    }

    private static CedarRecord Labels(IReadOnlyDictionary<string, string>? labels) => labels is null
        ? CedarRecord.Empty
        : CedarRecord.Create([.. labels.Select(l => KeyValuePair.Create(l.Key, CedarValue.From(l.Value)))]);
}
