using System.Text;

namespace Gateway.Hosting;

/// <summary>Tells cheaply whether the configuration's files may have changed.</summary>
internal static class FileStamps
{
    /// <returns>A text that differs when a file was added, removed, replaced or written.</returns>
    public static string Of(string configuration, string policyDirectory)
    {
        var text = new StringBuilder();
        try
        {
            Append(text, new FileInfo(configuration));
            foreach (var policy in new DirectoryInfo(policyDirectory).EnumerateFiles("*.cedar").OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                Append(text, policy);
            }
        }
        catch (IOException)
        {
            // In the midst of being replaced: what is there counts, and the rest at the next look.
            text.Append("incomplete");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, FileInfo file)
    {
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        text.Append(file.Name).Append('|').Append(target.FullName).Append('|');
        if (target.Exists)
        {
            text.Append(target.Length).Append('|').Append(target.LastWriteTimeUtc.Ticks);
        }

        text.Append('\n');
    }
}
