using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Routing;

/// <summary>Query parameters and header fields that a tool has logged, by name.</summary>
internal sealed class LoggedFields(IReadOnlyList<string> query, IReadOnlyList<string> headers)
{
    /// <summary>Null where there are none.</summary>
    public static LoggedFields? Create(IReadOnlyList<string> query, IReadOnlyList<string> headers) =>
        query.Count + headers.Count == 0 ? null : new LoggedFields(query, headers);

    /// <summary>Of a query, the parameters that are logged, encoded anew; null where it has none.</summary>
    public string? Query(string sent)
    {
        if (query.Count == 0 || sent.Length < 2)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var parameter in new QueryStringEnumerable(sent))
        {
            var name = parameter.DecodeName().ToString();
            if (query.Contains(name, StringComparer.Ordinal))
            {
                text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(parameter.DecodeValue().ToString()));
            }
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <summary>Of a request's header fields, those that are logged.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers(IHeaderDictionary sent) =>
    [
        .. from name in headers
           where sent.ContainsKey(name)
           select KeyValuePair.Create(name, sent[name].ToString()),
    ];
}
