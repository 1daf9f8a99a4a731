using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Cedar.Validation;

namespace Gateway.Cedar.Json;

/// <summary>Reads the JSON array of entities.</summary>
internal static class EntityReader
{
    public static EntityStore Read(JsonElement root, CedarSchema? schema)
    {
        var hierarchy = new EntityHierarchy();
        var index = 0;
        foreach (var element in JsonDocuments.Array(root, "entities"))
        {
            var definition = ReadEntity(element, $"entities[{index++}]", schema);
            if (!hierarchy.TryAdd(definition) && !IsSame(definition, hierarchy.Find(definition.Uid)))
            {
                throw new JsonFailure($"the entity `{definition.Uid}` is given twice, with a difference");
            }
        }

        foreach (var action in schema?.Actions.Values ?? [])
        {
            hierarchy.TryAdd(new(action.Uid, action.Parents));
        }

        var entities = hierarchy.Close(out var cyclic);
        return cyclic is null
            ? EntityStore.FromClosed(entities)
            : throw new JsonFailure($"the entity `{cyclic}` is in itself, through its parents");
    }

    private static EntityDefinition ReadEntity(JsonElement element, string path, CedarSchema? schema)
    {
        var uid = ValueReader.ReadUid(JsonDocuments.Property(element, "uid", path), path + ".uid");
        var type = schema?.EntityTypes.GetValueOrDefault(uid.Type);
        var attributes = ValueReader.ReadRecord(JsonDocuments.Property(element, "attrs", path), path + ".attrs", type?.Attributes);
        var parents = JsonDocuments.Array(JsonDocuments.Property(element, "parents", path), path + ".parents")
            .Select(parent => ValueReader.ReadUid(parent, path + ".parents")).ToImmutableArray();
        var tags = element.TryGetProperty("tags", out var found)
            ? ValueReader.ReadRecord(found, path + ".tags", ofEach: type?.Tags)
            : CedarRecord.Empty;
        if (LiteralChecker.IsAction(uid.Type) && parents.FirstOrDefault(static parent => !LiteralChecker.IsAction(parent.Type)) is { } other)
        {
            throw new JsonFailure($"{path}.parents: the action `{uid}` cannot be in `{other}`, which is no action");
        }

        var definition = new EntityDefinition(uid, parents, attributes, tags);
        return schema is not null && Conformance.MistakeOf(definition, schema) is { } mistake
            ? throw new JsonFailure($"{path}: {mistake}")
            : definition;
    }

    private static bool IsSame(EntityDefinition left, EntityDefinition? right) =>
        right is not null
        && Equals(left.Attributes, right.Attributes)
        && Equals(left.Tags, right.Tags)
        && left.Parents.ToHashSet().SetEquals(right.Parents);
}
