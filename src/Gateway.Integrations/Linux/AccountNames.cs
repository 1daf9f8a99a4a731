using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Integrations.Linux;

/// <summary>Users and groups of this machine, whatever directory it takes them from.</summary>
internal static class AccountNames
{
    private const int BufferSize = 64 * 1024;

    /// <summary>(uid_t)-1 means "no change" to system calls and is nobody's.</summary>
    private const uint NoId = uint.MaxValue;

    /// <returns>The id of a user, given as its name or number; null where there is no such user.</returns>
    public static uint? FindUser(string text) => TryReadId(text, out var id) ? id : Find(text, GetUser)?.First;

    /// <returns>The id of a group, given as its name or number; null where there is no such group.</returns>
    public static uint? FindGroup(string text) => TryReadId(text, out var id) ? id : Find(text, GetGroup)?.First;

    private static bool TryReadId(string text, out uint id) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id != NoId;

    private static Account? Find(string name, Lookup lookup)
    {
        var buffer = Marshal.AllocHGlobal(BufferSize);
        try
        {
            return lookup(name, out var account, buffer, BufferSize, out var found) == 0 && found != 0 ? account : null;
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
        }
    }

    private delegate int Lookup(string name, out Account account, nint buffer, nuint size, out nint found);

    [DllImport("libc", EntryPoint = "getpwnam_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUser([MarshalAs(UnmanagedType.LPUTF8Str)] string name, out Account account, nint buffer, nuint size, out nint found);

    [DllImport("libc", EntryPoint = "getgrnam_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetGroup([MarshalAs(UnmanagedType.LPUTF8Str)] string name, out Account account, nint buffer, nuint size, out nint found);

    /// <summary>How struct passwd and struct group begin on Linux: name, password, id. The rest is room.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Account
    {
        public nint Name;
        public nint Password;
        public uint First;
        public uint Second;
        public nint Third;
        public nint Fourth;
        public nint Fifth;
    }
}
