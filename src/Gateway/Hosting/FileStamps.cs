using System.Text;

namespace Gateway.Hosting;

/// <summary>Tells cheaply whether the configuration's files may have changed.</summary>
internal static class FileStamps
{
    /// <returns>A text that differs when one of the files was replaced or written.</returns>
    public static string Of(params IEnumerable<string> files) => Describe(files.Select(file => new FileInfo(file)));

    /// <returns>A text that differs when a policy file was added, removed, replaced or written.</returns>
    public static string OfPolicies(string directory)
    {
        try
        {
            return Describe(new DirectoryInfo(directory).EnumerateFiles("*.cedar").OrderBy(f => f.Name, StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{directory}|unreadable\n";
        }
    }

    private static string Describe(IEnumerable<FileInfo> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
        {
            try
            {
                Append(text, file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In the midst of being replaced, or a link that leads nowhere: another state than any that can be read.
                text.Append(file.Name).Append("|unreadable\n");
            }
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
