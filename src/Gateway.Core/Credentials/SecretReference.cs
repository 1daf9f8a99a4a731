using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Credentials;

/// <summary>Where a secret is to be read: <c>secret:NAME</c>, <c>env:NAME</c>, <c>file:PATH</c> or <c>vault:PATH#FIELD</c>.</summary>
/// <param name="Scheme">"secret", "env", "file" or "vault".</param>
/// <param name="Name">The secret's name, the variable's name, an absolute path, or what a <see cref="VaultReference"/> is made of.</param>
internal sealed record SecretReference(string Scheme, string Name)
{
    public const string StoreScheme = "secret";
    public const string EnvironmentScheme = "env";
    public const string FileScheme = "file";
    public const string VaultScheme = "vault";

    /// <summary>Reads a reference as it is written in configuration.</summary>
    /// <param name="text">The configured text.</param>
    /// <param name="baseDirectory">What a relative path of <c>file:</c> is relative to: the configuration file's directory.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="error">What to write instead. Never repeats the text: it may be the secret itself, pasted in clear.</param>
    public static bool TryParse(
        string text, string baseDirectory, [NotNullWhen(true)] out SecretReference? reference, [NotNullWhen(false)] out string? error)
    {
        var colon = text.IndexOf(':');
        var scheme = colon < 0 ? "" : text[..colon];
        var name = text[(colon + 1)..];
        error = (scheme, name) switch
        {
            (StoreScheme, _) when !SecretName.IsValid(name) => $"{StoreScheme}: takes {SecretName.Rule}.",
            (EnvironmentScheme, _) when name.Length == 0 || name.Any(c => c is '=' or <= ' ' or '\u007f') => $"{EnvironmentScheme}: takes the name of an environment variable.",
            (FileScheme, _) when name.Length == 0 || name.Contains('\0') => $"{FileScheme}: takes a path.",
            (VaultScheme, _) when !VaultReference.TryParse(name, out _) => $"{VaultScheme}: takes PATH#FIELD, where PATH is {VaultPath.Rule}.",
            (StoreScheme or EnvironmentScheme or FileScheme or VaultScheme, _) => null,
            _ => "A secret is never written in clear text here: write secret:NAME (set with 'gateway secrets set NAME'), env:NAME, file:PATH or vault:PATH#FIELD.",
        };
        reference = error is not null ? null
            : scheme == FileScheme ? new SecretReference(scheme, Path.GetFullPath(name, baseDirectory))
            : new SecretReference(scheme, name);
        return reference is not null;
    }

    public override string ToString() => $"{Scheme}:{Name}";
}
