namespace Gateway.Core.Credentials;

/// <summary>One header to inject.</summary>
/// <param name="Header">Field name, an RFC 9110 token.</param>
/// <param name="Value">Text with <c>{field}</c> placeholders; <c>{{</c> and <c>}}</c> stand for braces. Not used where <see cref="Basic"/> is set.</param>
internal sealed record InjectionTemplate(string Header, string Value)
{
    /// <summary>What a credential with a "token" field gets when its configuration says nothing.</summary>
    public static readonly InjectionTemplate Bearer = new("Authorization", "Bearer {token}");

    /// <summary>User and password of a Basic header; null where <see cref="Value"/> is the template.</summary>
    public BasicTemplate? Basic { get; init; }

    /// <summary>The shorthand <c>{ "Basic": { "User": …, "Password": … } }</c>.</summary>
    public static InjectionTemplate ForBasic(string user, string password) =>
        new("Authorization", "") { Basic = new BasicTemplate(user, password) };

    /// <summary>Everything that is wrong with the <c>Inject</c> list of one credential; empty where nothing is.</summary>
    /// <param name="templates">The list as configured.</param>
    /// <param name="fields">The names that the credential's provider fills; null where they are not known before issuance.</param>
    /// <returns>Sentences without the configuration key; none repeats a template's text, which may be a secret pasted by mistake.</returns>
    public static IReadOnlyList<string> Validate(IReadOnlyList<InjectionTemplate> templates, IReadOnlyCollection<string>? fields)
    {
        if (templates.Count == 0)
        {
            return ["Nothing is injected: name at least one header, or leave the list out where the credential type has a default."];
        }

        var errors = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var template in templates)
        {
            errors.AddRange(template.Validate(fields));
            if (!seen.Add(template.Header))
            {
                errors.Add($"The header {template.Header} is injected twice: the second would replace the first.");
            }
        }

        return errors;
    }

    /// <summary>Everything that is wrong with this entry; empty where nothing is.</summary>
    /// <param name="fields">The names that the credential's provider fills; null where they are not known before issuance.</param>
    public IReadOnlyList<string> Validate(IReadOnlyCollection<string>? fields)
    {
        var errors = new List<string>();
        if (InjectableHeader.Check(Header) is { } headerError)
        {
            errors.Add(headerError);
        }

        var used = 0;
        foreach (var (part, text) in Parts())
        {
            if (!TemplateText.TryParse(text, out var parsed, out var error))
            {
                errors.Add($"{part}: {error}");
                continue;
            }

            used += parsed.Fields.Count;
            errors.AddRange(Unknown(parsed.Fields, fields).Select(e => $"{part}: {e}"));
            if (Basic is not null && part == nameof(BasicTemplate.User) && parsed.HasLiteral(':'))
            {
                errors.Add("User: must not contain ':', which separates user and password (RFC 7617).");
            }
        }

        if (used == 0 && errors.Count == 0)
        {
            errors.Add("No {field} placeholder: nothing of the credential would be injected. A secret is never written here in clear text; refer to it by the credential's secret reference.");
        }

        return errors;
    }

    private static IEnumerable<string> Unknown(IEnumerable<string> used, IReadOnlyCollection<string>? known) => known is null
        ? []
        : from field in used
          where !known.Contains(field)
          select $"this credential has no field '{field}'; it has {string.Join(", ", known.Select(k => $"{{{k}}}"))}.";

    private IEnumerable<(string Part, string Text)> Parts() => Basic is null
        ? [(nameof(Value), Value)]
        : [(nameof(BasicTemplate.User), Basic.User), (nameof(BasicTemplate.Password), Basic.Password)];
}
