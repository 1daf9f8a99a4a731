using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Gateway.Cedar.Schemas;

namespace Gateway.Cedar.Json;

/// <summary>Writes declarations in the JSON schema format.</summary>
internal static class SchemaWriter
{
    private const string BuiltInPrefix = "__cedar::";

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(IEnumerable<NamespaceSyntax> namespaces)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            foreach (var scope in namespaces)
            {
                writer.WriteStartObject(scope.Name);
                WriteCommonTypes(writer, scope);
                WriteEntities(writer, scope);
                WriteActions(writer, scope);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteCommonTypes(Utf8JsonWriter writer, NamespaceSyntax scope)
    {
        writer.WriteStartObject("commonTypes");
        foreach (var common in scope.CommonTypes)
        {
            writer.WritePropertyName(common.Name.Name);
            WriteType(writer, common.Type, null);
        }

        writer.WriteEndObject();
    }

    private static void WriteEntities(Utf8JsonWriter writer, NamespaceSyntax scope)
    {
        writer.WriteStartObject("entityTypes");
        foreach (var (entity, name) in scope.Entities.SelectMany(static entity => entity.Names.Select(name => (entity, name.Name))))
        {
            writer.WriteStartObject(name);
            if (entity.Ids is { } ids)
            {
                WriteTexts(writer, "enum", ids);
            }
            else
            {
                WriteTexts(writer, "memberOfTypes", entity.Parents.Select(static parent => parent.Name));
                WriteProperty(writer, "shape", entity.Attributes);
                WriteProperty(writer, "tags", entity.Tags);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteActions(Utf8JsonWriter writer, NamespaceSyntax scope)
    {
        writer.WriteStartObject("actions");
        foreach (var (action, name) in scope.Actions.SelectMany(static action => action.Names.Select(name => (action, name.Name))))
        {
            writer.WriteStartObject(name);
            WriteParents(writer, action.Parents);
            if (!action.PrincipalTypes.IsEmpty || !action.ResourceTypes.IsEmpty || action.Context is not null)
            {
                writer.WriteStartObject("appliesTo");
                WriteTexts(writer, "principalTypes", action.PrincipalTypes.Select(static type => type.Name));
                WriteTexts(writer, "resourceTypes", action.ResourceTypes.Select(static type => type.Name));
                WriteProperty(writer, "context", action.Context);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteParents(Utf8JsonWriter writer, ImmutableArray<ActionReferenceSyntax> parents)
    {
        writer.WriteStartArray("memberOf");
        foreach (var parent in parents)
        {
            writer.WriteStartObject();
            writer.WriteString("id", parent.Id);
            if (parent.Type is not null)
            {
                writer.WriteString("type", parent.Type);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, TypeSyntax? type)
    {
        if (type is not null)
        {
            writer.WritePropertyName(name);
            WriteType(writer, type, null);
        }
    }

    /// <param name="writer">Where it goes.</param>
    /// <param name="type">The type.</param>
    /// <param name="isRequired">Whether an attribute that has the type is; null where the type is no attribute's.</param>
    private static void WriteType(Utf8JsonWriter writer, TypeSyntax type, bool? isRequired)
    {
        writer.WriteStartObject();
        switch (type)
        {
            case TypeSyntax.Set set:
                writer.WriteString("type", "Set");
                writer.WritePropertyName("element");
                WriteType(writer, set.Element, null);
                break;
            case TypeSyntax.Record record:
                writer.WriteString("type", "Record");
                writer.WriteStartObject("attributes");
                foreach (var attribute in record.Attributes)
                {
                    writer.WritePropertyName(attribute.Name);
                    WriteType(writer, attribute.Type, attribute.IsRequired);
                }

                writer.WriteEndObject();
                break;
            case TypeSyntax.Named named:
                WriteName(writer, named);
                break;
        }

        if (isRequired == false)
        {
            writer.WriteBoolean("required", false);
        }

        writer.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter writer, TypeSyntax.Named named)
    {
        if (named.Kind == TypeNameKind.Common)
        {
            writer.WriteString("type", named.Name);
            return;
        }

        // A built-in type under its full name: a declaration of the schema may have taken the short one.
        var isShort = named.Kind == TypeNameKind.BuiltIn && !named.Name.StartsWith(BuiltInPrefix, StringComparison.Ordinal);
        writer.WriteString("type", named.Kind == TypeNameKind.Entity ? "Entity" : "EntityOrCommon");
        writer.WriteString("name", isShort ? BuiltInPrefix + named.Name : named.Name);
    }
}
