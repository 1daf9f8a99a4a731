using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Cli;

/// <summary>A call's event as one line for people.</summary>
internal static class CallText
{
    private const int Authentication = 3002;

    /// <summary>Time, status, decision, agent, tool and operation, method and path, reason and the call's id, with tabs between.</summary>
    public static string Of(string line)
    {
        var call = JsonElement.Parse(line);
        var isAnonymous = Number(call, "class_uid") == Authentication;
        var tool = isAnonymous ? Text(call, "unmapped", "gateway", "tool") : Text(call, "api", "service", "name");
        var method = Text(call, "http_request", "http_method") is { Length: > 0 } known ? known : Text(call, "unmapped", "gateway", "method");
        string[] columns =
        [
            DateTimeOffset.FromUnixTimeMilliseconds(Number(call, "time")).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            Text(call, "http_response", "code"),
            isAnonymous ? "Denied" : Text(call, "action"),
            isAnonymous ? $"({Or(Text(call, "user", "uid"), "unknown")})" : Or(Text(call, "actor", "app_uid"), "-"),
            tool.Length == 0 ? "-" : isAnonymous ? tool : $"{tool}/{Text(call, "api", "operation")}",
            $"{method} {Text(call, "http_request", "url", "path")}",
            Or(Text(call, "unmapped", "gateway", "reason"), "-"),
            Text(call, "metadata", "uid"),
        ];
        return string.Join('\t', columns.Select(Printable));
    }

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;

    private static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private static string Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return "";
            }
        }

        return element.ToString();
    }

    /// <summary>Agents choose paths and names: what could move the cursor or change how a line reads is shown as a code.</summary>
    private static string Printable(string text)
    {
        if (!text.Any(character => character is < ' ' or > '~'))
        {
            return text;
        }

        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            shown.Append(rune.Value is >= ' ' and <= '~' ? rune.ToString() : $"\\u{{{rune.Value.ToString("x", CultureInfo.InvariantCulture)}}}");
        }

        return shown.ToString();
    }
}
