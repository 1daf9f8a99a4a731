using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Tests.EndToEnd;

/// <summary>What .NET has no call for.</summary>
internal static class LibC
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int process) => _ = Kill(process, Sigterm);

    /// <summary>Opens a file without asking for a lock, as any tool but .NET does.</summary>
    public static SafeFileHandle OpenForReading(string path)
    {
        var descriptor = Open(path, 0);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException(path, new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
