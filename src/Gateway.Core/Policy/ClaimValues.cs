using System.Text.Json;
using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>A token's claims as Cedar values.</summary>
internal static class ClaimValues
{
    private const int MaxDepth = 8;

    /// <summary>Objects become records, arrays sets; null, and numbers that are no 64-bit integers, are left out: Cedar has neither.</summary>
    public static CedarRecord ToRecord(IReadOnlyDictionary<string, JsonElement> claims) =>
        CedarRecord.Create([.. claims
            .Select(c => KeyValuePair.Create(c.Key, ToValue(c.Value, 0)))
            .Where(c => c.Value.Kind != ValueKind.None)]);

    private static CedarValue ToValue(JsonElement element, int depth) => element.ValueKind switch
    {
        _ when depth > MaxDepth => default,
        JsonValueKind.String => CedarValue.From(element.GetString() ?? ""),
        JsonValueKind.True => CedarValue.True,
        JsonValueKind.False => CedarValue.False,
        JsonValueKind.Number when element.TryGetInt64(out var number) => CedarValue.From(number),
        JsonValueKind.Array => CedarValue.From(CedarSet.Create([.. element.EnumerateArray()
            .Select(e => ToValue(e, depth + 1))
            .Where(v => v.Kind != ValueKind.None)])),
        JsonValueKind.Object => CedarValue.From(CedarRecord.Create([.. element.EnumerateObject()
            .Select(p => KeyValuePair.Create(p.Name, ToValue(p.Value, depth + 1)))
            .Where(p => p.Value.Kind != ValueKind.None)
            .DistinctBy(p => p.Key, StringComparer.Ordinal)])),
        _ => default,
    };
}
