using System.Globalization;
using System.Text.Json;
using Gateway.Cedar.Json;
using Gateway.Cedar.Validation;

namespace Gateway.Cedar;

/// <summary>Cedar's JSON formats of entities and values.</summary>
public static class CedarJson
{
    /// <summary>Reads an array of entities: <c>[{"uid": {"type", "id"}, "attrs": {}, "parents": [], "tags": {}}]</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <param name="schema">Where given, the entities must conform to it, its actions are added, and the escapes <c>__entity</c> and <c>__extn</c> may be left out.</param>
    public static CedarResult<EntityStore> ParseEntities(string json, string fileName = "entities.json", CedarSchema? schema = null) =>
        JsonDocuments.Read(json, fileName, root => EntityReader.Read(root, schema));

    /// <summary>Reads a record, such as a context, with the escapes <c>__entity</c> and <c>__extn</c>.</summary>
    public static CedarResult<CedarRecord> ParseRecord(string json, string fileName = "context.json") =>
        JsonDocuments.Read(json, fileName, static root => ValueReader.ReadRecord(root, "context"));

    /// <summary>Reads the context of a request and checks it against the schema; escapes may be left out.</summary>
    public static CedarResult<CedarRecord> ParseContext(string json, CedarSchema schema, EntityUid action, string fileName = "context.json")
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(action);
        return JsonDocuments.Read(json, fileName, root => ReadContext(root, schema, action));
    }

    /// <summary>Turns JSON from outside, such as a request's body, into a value without giving its escapes any meaning.</summary>
    /// <remarks>
    /// A caller could otherwise pass itself off as an entity with <c>{"__entity": …}</c>. What Cedar has no value for
    /// (null, and numbers that are neither a Long nor a decimal of four digits) is absent.
    /// </remarks>
    /// <returns>The value; <c>default</c> where there is none.</returns>
    public static CedarValue FromUntrusted(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.True:
                return CedarValue.True;
            case JsonValueKind.False:
                return CedarValue.False;
            case JsonValueKind.String:
                return CedarValue.From(element.GetString() ?? "");
            case JsonValueKind.Number:
                return FromNumber(element);
            case JsonValueKind.Array:
                return CedarValue.From(CedarSet.Create(
                    [.. element.EnumerateArray().Select(FromUntrusted).Where(static value => !value.IsNone)]));
            case JsonValueKind.Object:
                // The last of several properties of one name counts, as in most readers of JSON.
                var attributes = new Dictionary<string, CedarValue>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    attributes[property.Name] = FromUntrusted(property.Value);
                }

                return CedarValue.From(CedarRecord.Create(attributes));
            default:
                return default;
        }
    }

    private static CedarValue FromNumber(JsonElement element)
    {
        if (element.TryGetInt64(out var number))
        {
            return CedarValue.From(number);
        }

        return element.TryGetDecimal(out var fraction)
            && DecimalText.TryParse(fraction.ToString(CultureInfo.InvariantCulture), out var tenThousandths)
                ? CedarValue.FromDecimal(tenThousandths)
                : default;
    }

    private static CedarRecord ReadContext(JsonElement root, CedarSchema schema, EntityUid action)
    {
        if (!schema.Actions.TryGetValue(action, out var definition))
        {
            throw new JsonFailure($"there is no action `{action}`");
        }

        var context = ValueReader.ReadRecord(root, "context", definition.Context);
        return Conformance.MistakeOf(CedarValue.From(context), definition.Context, schema, "context") is { } mistake
            ? throw new JsonFailure(mistake)
            : context;
    }
}
