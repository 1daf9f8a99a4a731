using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>The references that stand in configuration where a secret is meant.</summary>
internal static class SecretReferenceSyntax
{
    private const string Instead = "write secret:NAME (stored with \"gateway secrets set NAME\"), env:NAME, file:PATH or vault:PATH#FIELD";

    /// <summary>Returns null and what to write instead where the text is no reference. The text itself is never repeated.</summary>
    public static SecretReference? Parse(string text, string baseDirectory, out string problem)
    {
        problem = "";
        if (SecretReference.TryParse(text, baseDirectory, out var reference, out _))
        {
            return reference;
        }

        problem = text.Split(':')[0] switch
        {
            SecretReference.StoreScheme => "must name a secret with 1 to 128 letters, digits, '.', '_' and '-' only, behind \"secret:\".",
            SecretReference.EnvironmentScheme => "must name an environment variable behind \"env:\".",
            SecretReference.FileScheme => "must name a file behind \"file:\".",
            SecretReference.VaultScheme => "must name a secret and one of its fields behind \"vault:\": write for example vault:secret/crm#api_key.",
            _ => $"must be a reference, for a secret never stands in configuration in clear text: {Instead}.",
        };
        return null;
    }
}
