using System.Text;
using System.Text.Json;

namespace Gateway.Cedar.Json;

/// <summary>Opens JSON texts, with bounded depth, and turns mistakes into diagnostics.</summary>
internal static class JsonDocuments
{
    // As deep as the reference reads, and far less than the stack bears.
    private const int MaxDepth = 128;

    /// <summary>For policies: a chain of <c>&amp;&amp;</c> is as deep as it is long, and is not read by recursion.</summary>
    public const int ChainDepth = 1_000_000;

    public static CedarResult<T> Read<T>(string json, string fileName, Func<JsonElement, T> read, int maxDepth = MaxDepth)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false });
            return new(read(document.RootElement), []);
        }
        catch (ArgumentException exception) when (exception.InnerException is EncoderFallbackException)
        {
            return new(null, [new(new(fileName, 1, 1), "the text is not valid Unicode")]);
        }
        catch (JsonException exception)
        {
            var position = new SourcePosition(fileName, (int)(exception.LineNumber ?? 0) + 1, (int)(exception.BytePositionInLine ?? 0) + 1);
            return new(null, [new(position, exception.Message)]);
        }
        catch (JsonFailure failure)
        {
            return new(null, [new(new(fileName, 1, 1), failure.Message)]);
        }
    }

    public static JsonElement Property(JsonElement element, string name, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonFailure($"{path}: expected an object, found {Describe(element)}");
        }

        return element.TryGetProperty(name, out var property)
            ? property
            : throw new JsonFailure($"{path}: the property `{name}` is missing");
    }

    public static string Text(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String
            ? TextOf(element, path)
            : throw new JsonFailure($"{path}: expected a string, found {Describe(element)}");

    public static JsonElement.ArrayEnumerator Array(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray()
            : throw new JsonFailure($"{path}: expected an array, found {Describe(element)}");

    public static JsonElement.ObjectEnumerator Object(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject()
            : throw new JsonFailure($"{path}: expected an object, found {Describe(element)}");

    /// <summary>Refuses properties beyond those known.</summary>
    public static void Only(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        foreach (var property in Object(element, path))
        {
            if (!known.Contains(property.Name))
            {
                throw new JsonFailure($"{path}: unknown property `{property.Name}`{Suggestion.For(property.Name, known.ToArray())}");
            }
        }
    }

    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private static string TextOf(JsonElement element, string path)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw new JsonFailure($"{path}: the string is not valid Unicode");
        }
    }
}
