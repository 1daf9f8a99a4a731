using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Integrations.Secrets;

/// <summary>Makes a rename durable.</summary>
/// <remarks>
/// A rename is in the directory, so it survives a power cut only once the directory is flushed. .NET opens no directories,
/// hence the calls to libc. Without it a secret could outlive, on disk, the key that it is encrypted with.
/// </remarks>
internal static class DirectoryEntry
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The directory cannot be flushed.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals the rename
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), ReadOnly);
        if (descriptor < 0)
        {
            throw Failed(directory);
        }

        try
        {
            if (Synchronize(descriptor) != 0)
            {
                throw Failed(directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string directory) =>
        new($"The directory {directory} cannot be flushed to disk.", new Win32Exception(Marshal.GetLastPInvokeError()));

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
