using System.Text.RegularExpressions;
using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>The references that stand in configuration where a secret is meant.</summary>
internal static partial class SecretReferenceSyntax
{
    private const string Instead = "write secret:NAME (stored with \"gateway secrets set NAME\"), env:NAME or file:PATH";

    /// <summary>Returns null and what to write instead where the text is no reference. The text itself is never repeated.</summary>
    public static SecretReference? Parse(string text, string baseDirectory, out string problem)
    {
        problem = "";
        var colon = text.IndexOf(':');
        var (scheme, name) = colon < 0 ? ("", text) : (text[..colon], text[(colon + 1)..]);
        switch (scheme)
        {
            case "secret" when SecretName().IsMatch(name):
            case "env" when VariableName().IsMatch(name):
                return new(scheme, name);
            case "file" when name.Length > 0 && !name.Any(char.IsControl):
                return new(scheme, Path.GetFullPath(name, baseDirectory));
            case "secret":
                problem = "must name a secret with 1 to 128 letters, digits, '.', '_' and '-' only, behind \"secret:\".";
                return null;
            case "env":
                problem = "must name an environment variable with letters, digits and '_' only, behind \"env:\".";
                return null;
            case "file":
                problem = "must name a file behind \"file:\".";
                return null;
            case "vault":
                problem = $"refers to Vault, which this version cannot read: {Instead}.";
                return null;
            default:
                problem = $"must be a reference, for a secret never stands in configuration in clear text: {Instead}.";
                return null;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,128}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();
}
