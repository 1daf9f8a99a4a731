using Gateway.Cedar.Schemas;

namespace Gateway.Cedar.Validation;

/// <summary>Tells whether entities and values are what the schema says they are.</summary>
internal static class Conformance
{
    /// <summary>What is wrong with an entity, or null.</summary>
    public static string? MistakeOf(EntityDefinition entity, CedarSchema schema)
    {
        var uid = entity.Uid;
        if (LiteralChecker.IsAction(uid.Type))
        {
            return schema.Actions.TryGetValue(uid, out var action)
                ? entity.Parents.All(action.Ancestors.Contains) ? null : $"the action `{uid}` has other parents than the schema says"
                : $"there is no action `{uid}`{Suggestion.For(uid.ToString(), schema.Actions.Keys.Select(static known => known.ToString()))}";
        }

        if (!schema.EntityTypes.TryGetValue(uid.Type, out var type))
        {
            return $"there is no entity type `{uid.Type}`{Suggestion.For(uid.Type, schema.EntityTypes.Keys)}";
        }

        if (type.Ids is { } ids && !ids.Contains(uid.Id))
        {
            return $"`{uid.Type}` has no entity `{uid.Id}`{Suggestion.For(uid.Id, ids)}";
        }

        if (entity.Parents.FirstOrDefault(parent => !type.Ancestors.Contains(parent.Type)) is { } stranger)
        {
            return $"`{uid}` cannot be in `{stranger}`: the schema does not allow it";
        }

        return MistakeOf(CedarValue.From(entity.Attributes ?? CedarRecord.Empty), type.Attributes, schema, "attrs")
            ?? TagMistakeOf(entity, type, schema);
    }

    /// <summary>What keeps a value from being of a type, or null.</summary>
    public static string? MistakeOf(CedarValue value, CedarType type, CedarSchema schema, string path) => type switch
    {
        CedarType.Record record when value.RecordOrNull is { } actual => RecordMistakeOf(actual, record, schema, path),
        CedarType.Set { Element: { } element } when value.SetOrNull is { } set =>
            set.Select(item => MistakeOf(item, element, schema, path + "[]")).FirstOrDefault(static mistake => mistake is not null),
        CedarType.Entity { Name: { } name } when value.EntityOrNull is { } uid && uid.Type == name =>
            schema.EntityTypes.TryGetValue(name, out var definition) && definition.Ids is { } ids && !ids.Contains(uid.Id)
                ? $"{path}: `{name}` has no entity `{uid.Id}`{Suggestion.For(uid.Id, ids)}"
                : null,
        CedarType.Boolean when value.Kind == ValueKind.Boolean => null,
        CedarType.Long when value.Kind == ValueKind.Long => null,
        CedarType.String when value.Kind == ValueKind.String => null,
        CedarType.Extension extension when value.Kind == extension.Kind => null,
        _ => $"{path}: expected `{type}`, found {value}",
    };

    private static string? RecordMistakeOf(CedarRecord actual, CedarType.Record expected, CedarSchema schema, string path)
    {
        foreach (var (name, value) in actual)
        {
            if (!expected.Attributes.TryGetValue(name, out var attribute))
            {
                return $"{path}: the schema has no attribute `{name}` here{Suggestion.For(name, expected.Attributes.Keys)}";
            }

            if (MistakeOf(value, attribute.Type, schema, $"{path}.{name}") is { } mistake)
            {
                return mistake;
            }
        }

        var missing = expected.Attributes.FirstOrDefault(attribute => attribute.Value.IsRequired && !actual.TryGetValue(attribute.Key, out _));
        return missing.Key is null ? null : $"{path}: the attribute `{missing.Key}` is missing";
    }

    private static string? TagMistakeOf(EntityDefinition entity, EntityTypeDefinition type, CedarSchema schema)
    {
        foreach (var (name, value) in entity.Tags ?? CedarRecord.Empty)
        {
            if (type.Tags is null)
            {
                return $"entities of type `{type.Name}` have no tags";
            }

            if (MistakeOf(value, type.Tags, schema, $"tags.{name}") is { } mistake)
            {
                return mistake;
            }
        }

        return null;
    }
}
