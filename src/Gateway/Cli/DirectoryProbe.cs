namespace Gateway.Cli;

/// <summary>Finds out before the start whether files can be kept in a directory, and leaves nothing behind in it.</summary>
internal static class DirectoryProbe
{
    /// <param name="directory">An absolute path; what does not exist is made by whoever needs it first.</param>
    /// <returns>Null where they can.</returns>
    public static string? FindProblem(string directory)
    {
        var existing = directory;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        if (File.Exists(existing))
        {
            return $"{existing} is a file: write the path of a directory.";
        }

        try
        {
            using var file = new FileStream(
                Path.Combine(existing, $".gateway-{Guid.NewGuid():N}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"{existing} cannot be written by this user: make {directory} for this user, or write the path of another directory.";
        }
        catch (IOException)
        {
            return $"{existing} cannot be written: its file system is read-only or full, or has no such place. Write the path of another directory.";
        }
    }
}
