using System.Text;

namespace Gateway.Core.Credentials;

/// <summary>The <c>Inject</c> list of one credential, compiled.</summary>
internal sealed class InjectionRenderer
{
    /// <summary>Shorter secrets are not scrubbed from responses: they would match by chance.</summary>
    public const int MinimumNeedleLength = 8;

    /// <summary>Injects nothing; the state of a definition whose list was never set.</summary>
    public static readonly InjectionRenderer None = new([]);

    private readonly IReadOnlyList<CompiledHeader> _headers;

    private InjectionRenderer(IReadOnlyList<CompiledHeader> headers) => _headers = headers;

    /// <exception cref="ArgumentException">A template is wrong; the message holds all errors.</exception>
    public static InjectionRenderer Compile(IReadOnlyList<InjectionTemplate> templates)
    {
        var errors = InjectionTemplate.Validate(templates, fields: null);
        return errors.Count == 0
            ? new InjectionRenderer([.. templates.Select(CompiledHeader.From)])
            : throw new ArgumentException(string.Join(' ', errors), nameof(templates));
    }

    /// <summary>Fills the templates with what an issuer gave.</summary>
    /// <exception cref="CredentialIssueException">A field is missing, or a value cannot be sent in a header; the message names credential, header and field, never a value.</exception>
    public RenderedInjection Render(string credential, IReadOnlyDictionary<string, SecretValue> fields)
    {
        var headers = new List<InjectedHeader>(_headers.Count);
        var needles = new HashSet<string>(fields.Values.Select(v => v.Reveal()), StringComparer.Ordinal);
        foreach (var header in _headers)
        {
            string Field(string name) => fields.TryGetValue(name, out var value) && value.Reveal() is { Length: > 0 } text
                ? text
                : throw Unusable(credential, header.Name, $"the issuer gave no value for the field '{name}'");

            var value = header.Render(Field, out var secret, out var error);
            if ((error ?? HeaderText.Check(value)) is { } reason)
            {
                throw Unusable(credential, header.Name, $"the value {reason}");
            }

            headers.Add(new InjectedHeader(header.Name, new SecretValue(value)));
            needles.Add(value[secret]);
        }

        return new RenderedInjection(headers, Encode(needles));
    }

    private static List<ReadOnlyMemory<byte>> Encode(IEnumerable<string> needles) =>
    [
        .. needles.Select(n => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(n)))
            .Where(n => n.Length >= MinimumNeedleLength)
            .OrderByDescending(n => n.Length), // a secret that contains another is found whole
    ];

    private static CredentialIssueException Unusable(string credential, string header, string reason) =>
        new($"credential '{credential}': the header {header} cannot be injected: {reason}.");
}
