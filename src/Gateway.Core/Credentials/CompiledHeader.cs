using System.Text;

namespace Gateway.Core.Credentials;

/// <summary>One entry of an <c>Inject</c> list, parsed.</summary>
/// <param name="Name">The header's name.</param>
/// <param name="Value">The value; for a Basic header the user.</param>
/// <param name="Password">The password of a Basic header; null for any other.</param>
internal sealed record CompiledHeader(string Name, TemplateText Value, TemplateText? Password)
{
    private const string BasicScheme = "Basic ";

    public static CompiledHeader From(InjectionTemplate template) => template.Basic is { } basic
        ? new CompiledHeader(template.Header, Parse(basic.User), Parse(basic.Password))
        : new CompiledHeader(template.Header, Parse(template.Value), Password: null);

    /// <param name="field">Gives the value of a field.</param>
    /// <param name="secret">The part of the result that must not come back to an agent.</param>
    /// <param name="error">Why the result must not be sent; null where nothing is wrong with its parts.</param>
    public string Render(Func<string, string> field, out Range secret, out string? error)
    {
        error = null;
        var value = Value.Render(field, out secret);
        if (Password is null)
        {
            return value;
        }

        var password = Password.Render(field, out _);
        // RFC 7617 §2: neither part may hold control characters, and the first colon ends the user.
        if (value.Contains(':') || value.Any(char.IsControl) || password.Any(char.IsControl))
        {
            error = "has a ':' in the user, or a control character in user or password";
        }

        secret = BasicScheme.Length..;
        return BasicScheme + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{value}:{password}"));
    }

    private static TemplateText Parse(string text) => TemplateText.TryParse(text, out var parsed, out var error)
        ? parsed
        : throw new ArgumentException(error, nameof(text));
}
