using System.Text.Json;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Json;

/// <summary>Reads values with Cedar's escapes, <c>__entity</c> and <c>__extn</c>.</summary>
internal static class ValueReader
{
    public static CedarValue Read(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.True => CedarValue.True,
        JsonValueKind.False => CedarValue.False,
        JsonValueKind.String => CedarValue.From(JsonDocuments.Text(element, path)),
        JsonValueKind.Number => element.TryGetInt64(out var number)
            ? CedarValue.From(number)
            : throw new JsonFailure($"{path}: `{element.GetRawText()}` is not a 64-bit integer; Cedar writes a fraction as {{\"__extn\": {{\"fn\": \"decimal\", …}}}}"),
        JsonValueKind.Array => ReadSet(element, path),
        JsonValueKind.Object => ReadObject(element, path),
        _ => throw new JsonFailure($"{path}: Cedar has no null"),
    };

    public static CedarRecord ReadRecord(JsonElement element, string path)
    {
        var attributes = new List<KeyValuePair<string, CedarValue>>();
        foreach (var property in JsonDocuments.Object(element, path))
        {
            attributes.Add(new(property.Name, Read(property.Value, $"{path}.{property.Name}")));
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

    private static CedarValue ReadSet(JsonElement element, string path)
    {
        var elements = new List<CedarValue>();
        foreach (var item in element.EnumerateArray())
        {
            elements.Add(Read(item, $"{path}[{elements.Count}]"));
        }

        return CedarValue.From(CedarSet.Create([.. elements]));
    }

    private static CedarValue ReadObject(JsonElement element, string path)
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

        return CedarValue.From(ReadRecord(element, path));
    }

    private static CedarValue ReadCall(JsonElement element, string path)
    {
        var name = JsonDocuments.Text(JsonDocuments.Property(element, "fn", path), path + ".fn");
        CedarValue[] arguments = element.TryGetProperty("args", out var several)
            ? [.. JsonDocuments.Array(several, path + ".args").Select(item => Read(item, path + ".args"))]
            : [Read(JsonDocuments.Property(element, "arg", path), path + ".arg")];
        if (ExtensionFunction.Find(name) is not { } function)
        {
            throw new JsonFailure($"{path}.fn: there is no function `{name}`{Suggestion.For(name, ExtensionFunction.Functions)}");
        }

        if (!arguments.Select(static argument => argument.Kind).SequenceEqual(function.Parameters))
        {
            throw new JsonFailure($"{path}: `{name}` takes {string.Join(" and ", function.Parameters.Select(ValueText.NameOf))}");
        }

        var value = function.Invoke(arguments[0], arguments.Length > 1 ? arguments[1] : default);
        return value.IsNone ? throw new JsonFailure($"{path}: `{name}` has no value for {arguments[0]}") : value;
    }
}
