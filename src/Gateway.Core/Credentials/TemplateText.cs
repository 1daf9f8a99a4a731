using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Core.Credentials;

/// <summary>Text with <c>{field}</c> placeholders, parsed; <c>{{</c> and <c>}}</c> stand for braces.</summary>
internal sealed class TemplateText
{
    private const int MaximumLength = 4096;

    private static readonly SearchValues<char> FieldCharacters =
        SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly IReadOnlyList<Part> _parts;

    private TemplateText(IReadOnlyList<Part> parts)
    {
        _parts = parts;
        Fields = [.. parts.Where(p => p.IsField).Select(p => p.Text).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The names between braces, each once, in the order of their first use.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <param name="text">The template.</param>
    /// <param name="template">The parsed template.</param>
    /// <param name="error">What is wrong and where, without repeating the text, which may be a secret pasted by mistake.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out TemplateText? template, [NotNullWhen(false)] out string? error)
    {
        template = null;
        error = text.Length > MaximumLength ? $"longer than {MaximumLength} characters." : null;
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length && error is null; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var end = text.IndexOf('}', i);
                var name = end < 0 ? default : text.AsSpan(i + 1, end - i - 1);
                if (name.IsEmpty || name.ContainsAnyExcept(FieldCharacters))
                {
                    error = $"the '{{' at position {i + 1} begins no placeholder such as {{token}}; write '{{{{' for a brace.";
                    break;
                }

                AddLiteral(parts, literal);
                parts.Add(new Part(name.ToString(), IsField: true));
                i = end;
            }
            else if (c == '}')
            {
                error = $"the '}}' at position {i + 1} ends no placeholder; write '}}}}' for a brace.";
            }
            else if (!HeaderText.IsAllowed(c))
            {
                error = $"the character at position {i + 1} cannot be in a header (visible ASCII and blanks only).";
            }
            else
            {
                literal.Append(c);
            }
        }

        AddLiteral(parts, literal);
        template = error is null ? new TemplateText(parts) : null;
        return template is not null;
    }

    public bool HasLiteral(char c) => _parts.Any(p => !p.IsField && p.Text.Contains(c));

    /// <summary>Fills the placeholders.</summary>
    /// <param name="field">Gives the value of a field.</param>
    /// <param name="secret">The part of the result from the first placeholder to the end of the last: what a scrubber looks for.</param>
    public string Render(Func<string, string> field, out Range secret)
    {
        var text = new StringBuilder();
        var (start, end) = (-1, 0);
        foreach (var part in _parts)
        {
            if (!part.IsField)
            {
                text.Append(part.Text);
                continue;
            }

            start = start < 0 ? text.Length : start;
            end = text.Append(field(part.Text)).Length;
        }

        secret = start < 0 ? default : start..end;
        return text.ToString();
    }

    private static void AddLiteral(List<Part> parts, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(new Part(literal.ToString(), IsField: false));
            literal.Clear();
        }
    }

    private readonly record struct Part(string Text, bool IsField);
}
