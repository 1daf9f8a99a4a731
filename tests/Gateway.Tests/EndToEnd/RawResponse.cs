using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>What came back over a raw connection.</summary>
/// <param name="Status">0 where the connection was closed without an answer.</param>
/// <param name="StatusLine">The first line, with version and reason phrase.</param>
/// <param name="Headers">The last value of each header.</param>
/// <param name="Body">Its bytes, one per character, still in their transfer coding.</param>
internal sealed record RawResponse(int Status, string StatusLine, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The reason of a problem; null where the body is none, as when the server refused before the gateway saw a request.</summary>
    public string? Reason => Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("application/problem+json", StringComparison.Ordinal)
        ? JsonSerializer.Deserialize<JsonElement>(Body).Text("reason")
        : null;
}
