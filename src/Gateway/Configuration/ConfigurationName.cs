using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>Names that operators choose: of tools, issuers, credentials and destinations.</summary>
/// <remarks>They become parts of policy entities, agent ids and log lines, so that they hold no separator of any of these.</remarks>
internal static partial class ConfigurationName
{
    public const int MaximumLength = 64;

    /// <summary>Returns null where the name is sound, else what to write instead.</summary>
    public static string? Check(string name) =>
        Shape().IsMatch(name) ? null : $"has a name that cannot be used: choose 1 to {MaximumLength} letters, digits, '.', '_' or '-'.";

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
