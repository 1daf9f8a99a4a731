namespace Gateway.Integrations.Secrets;

/// <summary>Files that only the gateway's user may read, written so that a crash leaves the old content or the new one.</summary>
internal static class PrivateFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Whether group or others have any right to it; false where the system has no such modes.</summary>
    public static bool IsShared(UnixFileMode mode) => mode != (UnixFileMode)(-1) && (mode & Others) != UnixFileMode.None;

    /// <inheritdoc cref="IsShared(UnixFileMode)"/>
    public static bool IsShared(string path) => IsShared(new FileInfo(path).UnixFileMode);

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnlyDirectory);
    }

    /// <summary>Replaces the file's content; durable when it returns. One caller at a time for one path.</summary>
    public static void Replace(string path, Action<Stream> write)
    {
        // One name, so that what a killed process left behind is replaced and does not pile up.
        var temporary = path + ".tmp";
        File.Delete(temporary);
        try
        {
            using (var stream = new FileStream(temporary, Options(FileMode.CreateNew)))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            DirectoryEntry.Flush(path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Opens for this process alone; the kernel releases it even if the process is killed.</summary>
    /// <exception cref="IOException">Somebody else holds it.</exception>
    public static FileStream OpenExclusive(string path) => new(path, Options(FileMode.OpenOrCreate));

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
