using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Core.Identity;

/// <summary>Reads JSON that a security decision hangs on.</summary>
/// <remarks>
/// Refuses whatever two readers could understand differently: duplicate names at any level (RFC 8725, section 2.6, and
/// RFC 7519, section 4), invalid UTF-8, unpaired surrogates, comments and trailing commas. A string of an element that
/// passed can be read without a throw, which System.Text.Json does not promise: it checks encoding on access only.
/// </remarks>
internal static class StrictJson
{
    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <summary>Reads a JSON object; false for anything else.</summary>
    public static bool TryParseObject(ReadOnlySpan<byte> utf8, out JsonElement element)
    {
        element = default;
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            RequireReadableStrings(utf8);
            element = JsonElement.Parse(utf8, Options);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // How the reader reports an escaped surrogate without its other half.
            return false;
        }

        return element.ValueKind == JsonValueKind.Object;
    }

    private static void RequireReadableStrings(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.Contains((byte)'\\'))
        {
            return;
        }

        var reader = new Utf8JsonReader(utf8, ReaderOptions);
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                reader.GetString();
            }
        }
    }
}
