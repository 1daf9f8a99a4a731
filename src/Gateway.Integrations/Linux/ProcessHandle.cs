using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Integrations.Linux;

/// <summary>A pidfd: means one process for good, while the number of a process that has ended is soon another's (pidfd_open(2)).</summary>
internal sealed class ProcessHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int SocketLevel = 1;
    private const int PeerProcess = 77;
    private const int PidfdOpen = 434;
    private const short Readable = 1;

    private ProcessHandle(int descriptor)
        : base(ownsHandle: true)
    {
        SetHandle(descriptor);
    }

    /// <summary>The process that called connect(2), from Linux 6.5 on; null where it has ended.</summary>
    /// <param name="socket">An accepted Unix socket.</param>
    /// <param name="supported">False where the kernel cannot tell.</param>
    public static ProcessHandle? OfPeer(Socket socket, out bool supported)
    {
        supported = true;
        Span<byte> value = stackalloc byte[sizeof(int)];
        try
        {
            return socket.GetRawSocketOption(SocketLevel, PeerProcess, value) == sizeof(int) ? new(MemoryMarshal.Read<int>(value)) : null;
        }
        catch (SocketException exception)
        {
            supported = exception.SocketErrorCode != SocketError.ProtocolOption;
            return null;
        }
    }

    /// <summary>The process that has the number now; null where there is none, or before Linux 5.3.</summary>
    public static ProcessHandle? Open(int processId)
    {
        var descriptor = (int)Syscall(PidfdOpen, processId, 0);
        return descriptor < 0 ? null : new(descriptor);
    }

    /// <summary>Whether the process has not ended, so that its number has been its own all the time.</summary>
    public bool IsRunning()
    {
        var held = false;
        try
        {
            DangerousAddRef(ref held);
            var query = new PollQuery { Descriptor = (int)handle, Events = Readable };
            return Poll(ref query, 1, 0) == 0;
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Syscall(nint number, nint processId, nint flags);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollQuery queries, nuint count, int timeout);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollQuery
    {
        public int Descriptor;
        public short Events;
        public short Occurred;
    }
}
