using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Core.Identity.Keys;

/// <summary>Reads a JSON Web Key Set (RFC 7517, section 5).</summary>
internal static class JsonWebKeySetReader
{
    /// <summary>Reads the usable keys of a set, possibly none; false where the document is no set.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out IReadOnlyList<SigningKey>? keys)
    {
        keys = null;
        if (!StrictJson.TryParseObject(utf8, out var document)
            || !document.TryGetProperty("keys", out var entries)
            || entries.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        keys = [.. entries.EnumerateArray().Select(JsonWebKeyReader.Read).OfType<SigningKey>()];
        return true;
    }
}
