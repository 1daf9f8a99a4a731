using System.Text.Json;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Json;

/// <summary>Reads values with Cedar's escapes, <c>__entity</c> and <c>__extn</c>; where the type is known, also without them.</summary>
internal static class ValueReader
{
    public static CedarValue Read(JsonElement element, string path, CedarType? expected = null)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.True:
                return CedarValue.True;
            case JsonValueKind.False:
                return CedarValue.False;
            case JsonValueKind.String:
                var text = JsonDocuments.Text(element, path);
                return expected is CedarType.Extension extension
                    ? Call(ConstructorOf(extension.Kind), [CedarValue.From(text)], path)
                    : CedarValue.From(text);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var number)
                    ? CedarValue.From(number)
                    : throw new JsonFailure($"{path}: `{element.GetRawText()}` is not a 64-bit integer; a fraction is written {{\"__extn\": {{\"fn\": \"decimal\", \"arg\": \"1.5\"}}}}");
            case JsonValueKind.Array:
                return ReadSet(element, path, (expected as CedarType.Set)?.Element);
            case JsonValueKind.Object:
                return ReadObject(element, path, expected);
            default:
                throw new JsonFailure($"{path}: Cedar has no null");
        }
    }

    public static CedarRecord ReadRecord(JsonElement element, string path, CedarType.Record? expected = null, CedarType? ofEach = null)
    {
        var attributes = new List<KeyValuePair<string, CedarValue>>();
        foreach (var property in JsonDocuments.Object(element, path))
        {
            var type = ofEach ?? expected?.Attributes.GetValueOrDefault(property.Name)?.Type;
            attributes.Add(new(property.Name, Read(property.Value, $"{path}.{property.Name}", type)));
        }

        return CedarRecord.Create(attributes);
    }

    /// <summary>An entity's id, with or without the escape.</summary>
    public static EntityUid ReadUid(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("__entity", out var inner))
        {
            return ReadUid(inner, path);
        }

        var type = JsonDocuments.Text(JsonDocuments.Property(element, "type", path), path + ".type");
        var id = JsonDocuments.Text(JsonDocuments.Property(element, "id", path), path + ".id");
        return Identifiers.IsTypeName(type)
            ? new(type, id)
            : throw new JsonFailure($"{path}.type: `{type}` is not the name of an entity type");
    }

    private static CedarValue ReadSet(JsonElement element, string path, CedarType? expected)
    {
        var elements = new List<CedarValue>();
        foreach (var item in element.EnumerateArray())
        {
            elements.Add(Read(item, $"{path}[{elements.Count}]", expected));
        }

        return CedarValue.From(CedarSet.Create([.. elements]));
    }

    private static CedarValue ReadObject(JsonElement element, string path, CedarType? expected)
    {
        if (element.GetPropertyCount() == 1)
        {
            if (element.TryGetProperty("__entity", out var uid))
            {
                return CedarValue.From(ReadUid(uid, path + ".__entity"));
            }

            if (element.TryGetProperty("__extn", out var call))
            {
                return ReadCall(call, path + ".__extn");
            }

            if (element.TryGetProperty("__expr", out _))
            {
                throw new JsonFailure($"{path}: the escape `__expr` is no longer part of Cedar");
            }
        }

        return expected switch
        {
            CedarType.Entity => CedarValue.From(ReadUid(element, path)),
            CedarType.Extension => ReadCall(element, path),
            _ => CedarValue.From(ReadRecord(element, path, expected as CedarType.Record)),
        };
    }

    private static CedarValue ReadCall(JsonElement element, string path)
    {
        var name = JsonDocuments.Text(JsonDocuments.Property(element, "fn", path), path + ".fn");
        CedarValue[] arguments = element.TryGetProperty("args", out var several)
            ? [.. JsonDocuments.Array(several, path + ".args").Select(item => Read(item, path + ".args"))]
            : [Read(JsonDocuments.Property(element, "arg", path), path + ".arg")];
        return ExtensionFunction.Find(name) is { } function
            ? Call(function, arguments, path)
            : throw new JsonFailure($"{path}.fn: there is no function `{name}`{Suggestion.For(name, ExtensionFunction.Functions)}");
    }

    private static CedarValue Call(ExtensionFunction function, CedarValue[] arguments, string path)
    {
        if (!arguments.Select(static argument => argument.Kind).SequenceEqual(function.Parameters))
        {
            throw new JsonFailure($"{path}: `{function.Name}` takes {string.Join(" and ", function.Parameters.Select(ValueText.NameOf))}");
        }

        var value = function.Invoke(arguments[0], arguments.Length > 1 ? arguments[1] : default);
        return value.IsNone ? throw new JsonFailure($"{path}: `{function.Name}` has no value for {arguments[0]}") : value;
    }

    private static ExtensionFunction ConstructorOf(ValueKind kind) =>
        ExtensionFunction.Find(kind == ValueKind.IPAddress ? "ip" : ValueText.NameOf(kind))
        ?? throw new JsonFailure($"there is no constructor of `{ValueText.NameOf(kind)}`");
}
