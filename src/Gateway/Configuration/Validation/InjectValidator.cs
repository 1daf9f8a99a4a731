using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>Checks a credential's <c>Inject</c>.</summary>
internal static class InjectValidator
{
    /// <param name="entries">The entries as configured.</param>
    /// <param name="fields">What the credential has to inject; null where only its issuer knows.</param>
    /// <param name="key">The list's key.</param>
    /// <param name="errors">Where errors go.</param>
    public static void Validate(IReadOnlyList<InjectOptions> entries, IReadOnlyList<string>? fields, string key, ConfigurationErrors errors)
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

    private static void Validate(InjectOptions entry, IReadOnlyList<string>? fields, string key, ConfigurationErrors errors)
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
            errors.Add($"{key}:Value", $"is required beside Header: write a value with a placeholder such as \"{{{fields?[0] ?? "token"}}}\".");
        }
        else
        {
            CheckTemplate(entry.Value, fields, $"{key}:Value", needsField: true, errors);
        }
    }

    private static string? CheckHeader(string name) => InjectableHeader.Check(name) is null
        ? null
        : "must be the name of a header (RFC 9110 token) that neither frames nor routes the request, nor describes its body, nor is the gateway's own.";

    private static void CheckTemplate(string template, IReadOnlyList<string>? fields, string key, bool needsField, ConfigurationErrors errors)
    {
        var allowed = fields is null ? "a field of Vault's answer such as {password}" : string.Join(" and ", fields.Select(field => $"{{{field}}}"));
        if (!TemplateText.TryParse(template, out var parsed, out _) || parsed.Fields.Any(field => fields?.Contains(field, StringComparer.Ordinal) == false))
        {
            errors.Add(key, $"must be visible ASCII characters, blanks and this credential's placeholders: write {allowed}; a brace itself is written twice.");
        }
        else if (parsed.Fields.Count == 0 && needsField)
        {
            errors.Add(key, $"must have a placeholder, for a secret never stands in configuration in clear text: write {allowed}.");
        }
    }
}
