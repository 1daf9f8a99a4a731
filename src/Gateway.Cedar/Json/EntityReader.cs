using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Json;

/// <summary>Reads the JSON array of entities.</summary>
internal static class EntityReader
{
    public static EntityStore Read(JsonElement root)
    {
        var hierarchy = new EntityHierarchy();
        var index = 0;
        foreach (var element in JsonDocuments.Array(root, "entities"))
        {
            var definition = ReadEntity(element, $"entities[{index++}]");
            if (!hierarchy.TryAdd(definition) && !IsSame(definition, hierarchy.Find(definition.Uid)))
            {
                throw new JsonFailure($"the entity `{definition.Uid}` is given twice, with a difference");
            }
        }

        var entities = hierarchy.Close(out var cyclic);
        return cyclic is null
            ? EntityStore.FromClosed(entities)
            : throw new JsonFailure($"the entity `{cyclic}` is in itself, through its parents");
    }

    private static EntityDefinition ReadEntity(JsonElement element, string path)
    {
        var uid = ValueReader.ReadUid(JsonDocuments.Property(element, "uid", path), path + ".uid");
        var attributes = ValueReader.ReadRecord(JsonDocuments.Property(element, "attrs", path), path + ".attrs");
        var parents = JsonDocuments.Array(JsonDocuments.Property(element, "parents", path), path + ".parents")
            .Select(parent => ValueReader.ReadUid(parent, path + ".parents")).ToImmutableArray();
        var tags = element.TryGetProperty("tags", out var found)
            ? ValueReader.ReadRecord(found, path + ".tags")
            : CedarRecord.Empty;
        if (IsAction(uid) && parents.FirstOrDefault(static parent => !IsAction(parent)) is { } other)
        {
            throw new JsonFailure($"{path}.parents: the action `{uid}` cannot be in `{other}`, which is no action");
        }

        return new(uid, parents, attributes, tags);
    }

    private static bool IsAction(EntityUid uid) => Identifiers.BaseName(uid.Type).SequenceEqual("Action");

    private static bool IsSame(EntityDefinition left, EntityDefinition? right) =>
        right is not null
        && Equals(left.Attributes, right.Attributes)
        && Equals(left.Tags, right.Tags)
        && left.Parents.ToHashSet().SetEquals(right.Parents);
}
