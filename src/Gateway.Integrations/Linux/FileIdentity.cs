using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Integrations.Linux;

/// <summary>Which file it is, and in which state: differs as soon as another file is meant, or its content may have changed.</summary>
/// <param name="Mode">Type and permissions, see inode(7).</param>
/// <param name="Device">Where it is kept.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Nanoseconds since 1970; a program may set it.</param>
/// <param name="Changed">Nanoseconds since 1970; the kernel alone sets it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileIdentity(ushort Mode, ulong Device, ulong Inode, ulong Size, long Modified, long Changed)
{
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int StatxSize = 256;
    private const int FileType = 0xF000;
    private const int SocketType = 0xC000;

    public bool IsSocket => (Mode & FileType) == SocketType;

    public bool IsSameFileAs(FileIdentity other) => (Device, Inode) == (other.Device, other.Inode);

    /// <summary>Of an open file; null where that cannot be told.</summary>
    public static FileIdentity? Of(SafeFileHandle file)
    {
        var held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return Read((int)file.DangerousGetHandle(), "", EmptyPath);
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Of what is at the path itself, a link included; null where there is nothing.</summary>
    public static FileIdentity? At(string path) => Read(CurrentDirectory, path, NoFollow);

    /// <summary>The layout of struct statx is the same on every architecture (statx(2)).</summary>
    private static FileIdentity? Read(int directory, string path, int flags)
    {
        var data = new byte[StatxSize];
        return Statx(directory, path, flags, BasicStats, data) != 0
            ? null
            : new FileIdentity(
                MemoryMarshal.Read<ushort>(data.AsSpan(28)),
                MemoryMarshal.Read<ulong>(data.AsSpan(136)),
                MemoryMarshal.Read<ulong>(data.AsSpan(32)),
                MemoryMarshal.Read<ulong>(data.AsSpan(40)),
                Nanoseconds(data.AsSpan(112)),
                Nanoseconds(data.AsSpan(96)));
    }

    private static long Nanoseconds(ReadOnlySpan<byte> time) => (MemoryMarshal.Read<long>(time) * 1_000_000_000) + MemoryMarshal.Read<uint>(time[8..]);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] data);
}
