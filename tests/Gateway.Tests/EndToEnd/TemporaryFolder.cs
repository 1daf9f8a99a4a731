namespace Gateway.Tests.EndToEnd;

/// <summary>A folder of one test, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gateway-e2e-").FullName;

    public string Combine(string relative) => System.IO.Path.Combine(Path, relative);

    /// <returns>The absolute path.</returns>
    public string Write(string relative, string text)
    {
        var path = Combine(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that was killed a moment ago may still be writing; the folder is below the system's temporary one.
        }
    }
}
