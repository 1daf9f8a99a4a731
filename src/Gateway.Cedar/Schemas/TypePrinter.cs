using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>Prints types as the schema writes them, records within records cut short: a type may be made of others many times over.</summary>
internal static class TypePrinter
{
    private const int ShownLevels = 2;
    private const int ShownAttributes = 12;

    public static string Print(CedarType type) => Print(type, ShownLevels);

    private static string Print(CedarType type, int levels) => type switch
    {
        CedarType.Boolean => "Bool",
        CedarType.Long => "Long",
        CedarType.String => "String",
        CedarType.Set { Element: null } => "Set",
        CedarType.Set set => $"Set<{Print(set.Element, levels)}>",
        CedarType.Entity { Name: null } => "an entity",
        CedarType.Entity entity => entity.Name,
        CedarType.Record { IsOpen: true } => "a record",
        CedarType.Record { Attributes.Count: > 0 } when levels == 0 => "{…}",
        CedarType.Record record => $"{{{string.Join(", ", PrintAttributes(record, levels - 1))}}}",
        CedarType.Extension extension => ValueText.NameOf(extension.Kind),
        _ => "nothing",
    };

    public static string NameOf(string attribute) =>
        Lexer.IsIdentifier(attribute) && !Identifiers.IsReserved(attribute) ? attribute : StringLiteral.Encode(attribute);

    private static IEnumerable<string> PrintAttributes(CedarType.Record record, int levels) =>
        record.Attributes.OrderBy(static attribute => attribute.Key, StringComparer.Ordinal).Take(ShownAttributes)
            .Select(attribute => $"{NameOf(attribute.Key)}{(attribute.Value.IsRequired ? "" : "?")}: {Print(attribute.Value.Type, levels)}")
            .Concat(record.Attributes.Count > ShownAttributes ? ["…"] : []);
}
