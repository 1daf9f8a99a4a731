using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Json;

/// <summary>Reads the JSON schema format into the declarations that the human format gives.</summary>
internal static class SchemaReader
{
    public static CedarSchema Read(JsonElement root)
    {
        var namespaces = new List<NamespaceSyntax>();
        foreach (var property in JsonDocuments.Object(root, "schema"))
        {
            namespaces.Add(ReadNamespace(property.Name, property.Value));
        }

        return new SchemaResolver(namespaces, static (_, message) => throw new JsonFailure(message)).Resolve();
    }

    private static NamespaceSyntax ReadNamespace(string name, JsonElement element)
    {
        var path = name.Length == 0 ? "schema" : $"`{name}`";
        if (name.Length > 0 && !Identifiers.IsTypeName(name))
        {
            throw new JsonFailure($"{path} is not the name of a namespace");
        }

        JsonDocuments.Only(element, path, "entityTypes", "actions", "commonTypes", "annotations");
        var scope = new NamespaceSyntax(name);
        foreach (var entity in JsonDocuments.Object(JsonDocuments.Property(element, "entityTypes", path), path))
        {
            scope.Entities.Add(ReadEntity(entity.Name, entity.Value, $"{path}, entity type `{entity.Name}`"));
        }

        foreach (var action in JsonDocuments.Object(JsonDocuments.Property(element, "actions", path), path))
        {
            scope.Actions.Add(ReadAction(action.Name, action.Value, $"{path}, action `{action.Name}`"));
        }

        if (element.TryGetProperty("commonTypes", out var commonTypes))
        {
            foreach (var common in JsonDocuments.Object(commonTypes, path))
            {
                var at = $"{path}, common type `{common.Name}`";
                if (SchemaNames.IsKeyword(common.Name))
                {
                    throw new JsonFailure($"{at}: the name is built in and cannot be declared");
                }

                scope.CommonTypes.Add(new(ReadDeclaredName(common.Name, at), TypeSyntaxReader.Read(common.Value, at, isAttribute: false)));
            }
        }

        return scope;
    }

    private static EntitySyntax ReadEntity(string name, JsonElement element, string path)
    {
        ImmutableArray<NameSyntax> names = [ReadDeclaredName(name, path)];
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("enum", out var ids))
        {
            JsonDocuments.Only(element, path, "enum", "annotations");
            ImmutableArray<string> choices = [.. JsonDocuments.Array(ids, path).Select(id => JsonDocuments.Text(id, path))];
            return choices.IsEmpty
                ? throw new JsonFailure($"{path}: `enum` must list at least one id")
                : new(names, [], null, null, choices);
        }

        JsonDocuments.Only(element, path, "memberOfTypes", "shape", "tags", "annotations");
        var shape = element.TryGetProperty("shape", out var found) ? TypeSyntaxReader.Read(found, path, isAttribute: false) : null;
        var tags = element.TryGetProperty("tags", out var tagType) ? TypeSyntaxReader.Read(tagType, path, isAttribute: false) : null;
        return new(names, ReadNames(element, "memberOfTypes", path), shape, tags, null);
    }

    private static ActionSyntax ReadAction(string name, JsonElement element, string path)
    {
        JsonDocuments.Only(element, path, "appliesTo", "memberOf", "attributes", "annotations");
        ImmutableArray<NameSyntax> principals = [];
        ImmutableArray<NameSyntax> resources = [];
        TypeSyntax? context = null;
        if (element.TryGetProperty("appliesTo", out var appliesTo) && appliesTo.ValueKind != JsonValueKind.Null)
        {
            JsonDocuments.Only(appliesTo, path, "principalTypes", "resourceTypes", "context");
            JsonDocuments.Property(appliesTo, "principalTypes", path);
            JsonDocuments.Property(appliesTo, "resourceTypes", path);
            principals = ReadNames(appliesTo, "principalTypes", path);
            resources = ReadNames(appliesTo, "resourceTypes", path);
            context = appliesTo.TryGetProperty("context", out var found) ? TypeSyntaxReader.Read(found, path, isAttribute: false) : null;
        }

        if (element.TryGetProperty("attributes", out var attributes)
            && attributes.ValueKind != JsonValueKind.Null)
        {
            throw new JsonFailure($"{path}: actions have no attributes");
        }

        ImmutableArray<ActionReferenceSyntax> parents = element.TryGetProperty("memberOf", out var memberOf) && memberOf.ValueKind != JsonValueKind.Null
            ? [.. JsonDocuments.Array(memberOf, path).Select(parent => ReadParent(parent, path))]
            : [];
        return new([new(name, default)], parents, principals, resources, context);
    }

    private static ActionReferenceSyntax ReadParent(JsonElement element, string path)
    {
        var id = JsonDocuments.Text(JsonDocuments.Property(element, "id", path), path);
        var type = element.TryGetProperty("type", out var found) && found.ValueKind != JsonValueKind.Null
            ? JsonDocuments.Text(found, path)
            : null;
        return new(type, id, default);
    }

    private static ImmutableArray<NameSyntax> ReadNames(JsonElement element, string property, string path) =>
        element.TryGetProperty(property, out var names)
            ? [.. JsonDocuments.Array(names, path).Select(name => new NameSyntax(JsonDocuments.Text(name, path), default))]
            : [];

    private static NameSyntax ReadDeclaredName(string name, string path) =>
        Lexer.IsIdentifier(name) && !Identifiers.IsReserved(name)
            ? new(name, default)
            : throw new JsonFailure($"{path}: `{name}` cannot be declared, expected an identifier that is not reserved");
}
