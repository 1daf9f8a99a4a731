using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>Prints types as the schema writes them.</summary>
internal static class TypePrinter
{
    public static string Print(CedarType type) => type switch
    {
        CedarType.Boolean => "Bool",
        CedarType.Long => "Long",
        CedarType.String => "String",
        CedarType.Set { Element: null } => "Set",
        CedarType.Set set => $"Set<{Print(set.Element)}>",
        CedarType.Entity { Name: null } => "an entity",
        CedarType.Entity entity => entity.Name,
        CedarType.Record { IsOpen: true } => "a record",
        CedarType.Record record => $"{{{string.Join(", ", record.Attributes.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(PrintAttribute))}}}",
        CedarType.Extension extension => ValueText.NameOf(extension.Kind),
        _ => "nothing",
    };

    public static string NameOf(string attribute) =>
        Lexer.IsIdentifier(attribute) && !Identifiers.IsReserved(attribute) ? attribute : StringLiteral.Encode(attribute);

    private static string PrintAttribute(KeyValuePair<string, AttributeType> attribute) =>
        $"{NameOf(attribute.Key)}{(attribute.Value.IsRequired ? "" : "?")}: {Print(attribute.Value.Type)}";
}
