using System.Text.RegularExpressions;

namespace Gateway.Core.Audit.Verification;

/// <summary>Statements that somebody kept elsewhere, such as a SIEM's copy of a checkpoint.</summary>
internal static partial class KeptStatements
{
    private const int MaxFile = 64 * 1024 * 1024;
    private const int MaxCount = 100_000;

    /// <summary>Finds them in whatever form they were kept: alone, in events, in an export.</summary>
    /// <exception cref="FormatException">There are none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxFile })
        {
            throw new FormatException("It is larger than 64 MiB; extract the statements.");
        }

        var found = CompactJws().Matches(File.ReadAllText(path)).Take(MaxCount).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new FormatException("It holds no statement: a text of three parts that begins with 'eyJ', as in entity.data.statement of an Audit Checkpoint.");
    }

    [GeneratedRegex("""eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}""", RegexOptions.NonBacktracking)]
    private static partial Regex CompactJws();
}
