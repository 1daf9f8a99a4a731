using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>Checks a credential's <c>Inject</c>.</summary>
internal static partial class InjectValidator
{
    /// <summary>Fields that say where a request goes or where it ends, or that belong to its body.</summary>
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect", "Close", "HTTP2-Settings", "Allow", "Expires", "Last-Modified",
    };

    private static readonly string[] ForbiddenPrefixes = ["Content-", "Proxy-", "Gateway-"];

    /// <param name="entries">The entries as configured.</param>
    /// <param name="fields">What the credential has to inject.</param>
    /// <param name="key">The list's key.</param>
    /// <param name="errors">Where errors go.</param>
    public static void Validate(IReadOnlyList<InjectOptions> entries, IReadOnlyList<string> fields, string key, ConfigurationErrors errors)
    {
        if (entries.Count == 0)
        {
            errors.Add(key, "must have an entry, or else the credential would not be used: write headers, or remove the key for the default.");
        }

        var headers = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, entry) in entries.Index())
        {
            var entryKey = $"{key}:{index}";
            Validate(entry, fields, entryKey, errors);
            if ((entry.Basic is null ? entry.Header : "Authorization") is { Length: > 0 } header && !headers.Add(header))
            {
                errors.Add(entry.Basic is null ? $"{entryKey}:Header" : $"{entryKey}:Basic", "sets a header that an entry before sets too: remove one.");
            }
        }
    }

    private static void Validate(InjectOptions entry, IReadOnlyList<string> fields, string key, ConfigurationErrors errors)
    {
        if (entry.Basic is { } basic)
        {
            if (entry.Header is not null || entry.Value is not null)
            {
                errors.Add($"{key}:Basic", "cannot stand beside Header and Value: make them an entry of their own, or remove them.");
            }

            CheckTemplate(basic.User, fields, $"{key}:Basic:User", needsField: false, errors);
            CheckTemplate(basic.Password, fields, $"{key}:Basic:Password", needsField: true, errors);
            if (basic.User.Contains(':'))
            {
                errors.Add($"{key}:Basic:User", "must not have a colon, which separates user and password (RFC 7617).");
            }

            return;
        }

        if (entry is { Header: null, Value: null })
        {
            errors.AddUnlessEither($"{key}:Header", $"{key}:Basic", "is required, unless there is Basic: write a header name such as \"X-Api-Key\", and Value beside it.");
            return;
        }

        if (entry.Header is null)
        {
            errors.Add($"{key}:Header", "is required beside Value: write a header name such as \"X-Api-Key\".");
        }
        else if (CheckHeader(entry.Header) is { } problem)
        {
            errors.Add($"{key}:Header", problem);
        }

        if (entry.Value is null)
        {
            errors.Add($"{key}:Value", $"is required beside Header: write a value with a placeholder such as \"{{{fields[0]}}}\".");
        }
        else
        {
            CheckTemplate(entry.Value, fields, $"{key}:Value", needsField: true, errors);
        }
    }

    private static string? CheckHeader(string name)
    {
        if (!HeaderName().IsMatch(name))
        {
            return "must be a header name (RFC 9110 token): letters, digits and any of !#$%&'*+-.^_`|~.";
        }

        return Forbidden.Contains(name) || ForbiddenPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            ? "must be another header: this one frames or routes the request, describes its body, or is the gateway's own."
            : null;
    }

    private static void CheckTemplate(string template, IReadOnlyList<string> fields, string key, bool needsField, ConfigurationErrors errors)
    {
        var allowed = string.Join(" and ", fields.Select(field => $"{{{field}}}"));
        var unescaped = template.Replace("{{", "", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal);
        var placeholders = Placeholder().Matches(unescaped);
        if (template.Any(character => character is < ' ' or > '~'))
        {
            errors.Add(key, "must consist of visible ASCII characters and blanks, as header values do.");
        }
        else if (Placeholder().Replace(unescaped, "").AsSpan().ContainsAny('{', '}') || placeholders.Any(match => !fields.Contains(match.Groups["field"].Value, StringComparer.Ordinal)))
        {
            errors.Add(key, $"has a placeholder that is not one of this credential's: write {allowed}; a brace itself is written twice.");
        }
        else if (placeholders.Count == 0 && needsField)
        {
            errors.Add(key, $"must have a placeholder, for a secret never stands in configuration in clear text: write {allowed}.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"\{(?<field>[^{}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
