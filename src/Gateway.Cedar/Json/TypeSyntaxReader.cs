using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Cedar.Schemas;

namespace Gateway.Cedar.Json;

/// <summary>Reads the types of the JSON schema format.</summary>
internal static class TypeSyntaxReader
{
    public static TypeSyntax Read(JsonElement element, string path, bool isAttribute)
    {
        var type = JsonDocuments.Text(JsonDocuments.Property(element, "type", path), path + ", `type`");
        ReadOnlySpan<string> known = type switch
        {
            "Set" => ["type", "element", "required", "annotations"],
            "Record" => ["type", "attributes", "additionalAttributes", "required", "annotations"],
            "Entity" or "EntityOrCommon" or "Extension" => ["type", "name", "required", "annotations"],
            _ => ["type", "required", "annotations"],
        };
        JsonDocuments.Only(element, path, known);
        if (!isAttribute && element.TryGetProperty("required", out _))
        {
            throw new JsonFailure($"{path}: `required` belongs to attributes only");
        }

        return type switch
        {
            "String" or "Long" => Named(type, TypeNameKind.BuiltIn),
            "Boolean" => Named("Bool", TypeNameKind.BuiltIn),
            "Set" => new TypeSyntax.Set(Read(JsonDocuments.Property(element, "element", path), path, isAttribute: false), default),
            "Record" => ReadRecord(element, path),
            "Entity" => Named(NameOf(element, path), TypeNameKind.Entity),
            "EntityOrCommon" => Named(NameOf(element, path), TypeNameKind.Any),
            "Extension" => Named(NameOf(element, path), TypeNameKind.BuiltIn),
            _ => Named(type, TypeNameKind.Common),
        };
    }

    private static TypeSyntax.Record ReadRecord(JsonElement element, string path)
    {
        if (element.TryGetProperty("additionalAttributes", out var open) && open.ValueKind == JsonValueKind.True)
        {
            throw new JsonFailure($"{path}: `additionalAttributes` is not supported");
        }

        var attributes = ImmutableArray.CreateBuilder<AttributeSyntax>();
        foreach (var attribute in JsonDocuments.Object(JsonDocuments.Property(element, "attributes", path), path))
        {
            var at = $"{path}, attribute `{attribute.Name}`";
            var type = Read(attribute.Value, at, isAttribute: true);
            var isRequired = !attribute.Value.TryGetProperty("required", out var required) || ReadBoolean(required, at);
            attributes.Add(new(attribute.Name, type, isRequired));
        }

        return new(attributes.DrainToImmutable(), default);
    }

    private static bool ReadBoolean(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new JsonFailure($"{path}: `required` must be true or false, found {JsonDocuments.Describe(element)}"),
    };

    private static TypeSyntax.Named Named(string name, TypeNameKind kind) => new(name, kind, default);

    private static string NameOf(JsonElement element, string path) =>
        JsonDocuments.Text(JsonDocuments.Property(element, "name", path), path + ", `name`");
}
