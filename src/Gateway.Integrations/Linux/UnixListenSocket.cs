using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Integrations.Linux;

/// <summary>A listening Unix socket whose file is there with its permissions, or not at all.</summary>
/// <remarks>
/// bind(2) makes the file under the process's umask, and chmod(2) comes later: in between others could connect. So the socket
/// is bound inside a directory that nobody else may enter, and moved to its place when it is ready.
/// </remarks>
internal sealed class UnixListenSocket : IDisposable
{
    /// <summary>sun_path holds 108 bytes, the last of them a zero (unix(7)).</summary>
    private const int MaxAddressBytes = 107;

    private const string InnerName = "s";
    private const int SuffixLength = 6;

    private readonly string _path;
    private readonly FileIdentity? _identity;

    private UnixListenSocket(Socket socket, string path)
    {
        Socket = socket;
        _path = path;
        _identity = FileIdentity.At(path);
    }

    /// <summary>Bound, not listening yet; its new owner disposes of it.</summary>
    public Socket Socket { get; }

    /// <summary>Whether the address of a socket can hold the path, and the one that it has before it is in place.</summary>
    public static bool IsShortEnough(string path) =>
        Encoding.UTF8.GetByteCount(path) <= MaxAddressBytes && Encoding.UTF8.GetByteCount(Prefix(path)) + SuffixLength + 1 + InnerName.Length <= MaxAddressBytes;

    /// <returns>Null where a socket can take the path's place, else what is wrong.</returns>
    public static string? FindProblem(string path)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            return "is in a directory that does not exist: create it, for this user to write.";
        }

        if (FileIdentity.At(path) is not { } present)
        {
            return null;
        }

        return !present.IsSocket ? "is a file that is no socket: write another path, or remove the file."
            : IsServed(path) ? "is in use by another process: stop that one, or write another path."
            : null;
    }

    /// <exception cref="IOException">The path cannot be taken; the message says why.</exception>
    public static UnixListenSocket Bind(string path, UnixFileMode mode, uint? group)
    {
        if (FindProblem(path) is { } problem)
        {
            throw new IOException($"{path} {problem}");
        }

        // Made with mode 0700 by the call itself.
        var folder = CreatePrivateDirectory(path);
        var inner = Path.Combine(folder, InnerName);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(inner));
            if (group is { } id && Chown(inner, uint.MaxValue, id) != 0)
            {
                throw new IOException($"{path} cannot be given to the group: this user must be in it.", new Win32Exception(Marshal.GetLastPInvokeError()));
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(inner, mode);
            }

            // Takes the place of a socket that nobody serves, without a moment in which there is none.
            File.Move(inner, path, overwrite: true);
            return new UnixListenSocket(socket, path);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            throw exception is SocketException or UnauthorizedAccessException
                ? new IOException($"{path} cannot be listened on: {exception.Message}", exception)
                : exception;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Removes the file, unless another gateway has put its own there.</summary>
    public void Dispose()
    {
        if (_identity is { } own && FileIdentity.At(_path) is { } present && present.IsSameFileAs(own))
        {
            try
            {
                File.Delete(_path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is stale, and the next start takes its place.
            }
        }
    }

    private static string CreatePrivateDirectory(string path)
    {
        var template = Encoding.UTF8.GetBytes($"{Prefix(path)}{new string('X', SuffixLength)}\0");
        return MakeDirectory(template) != 0
            ? Encoding.UTF8.GetString(template.AsSpan(..^1))
            : throw new IOException($"{path} is in a directory that this user cannot write.", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    private static string Prefix(string path) => Path.Combine(Path.GetDirectoryName(path) ?? "/", ".gw-");

    private static bool IsServed(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException exception)
        {
            // Anything else, a full queue or a missing permission, says that somebody may be there.
            return exception.SocketErrorCode is not SocketError.ConnectionRefused and not SocketError.AddressNotAvailable;
        }
    }

    [DllImport("libc", EntryPoint = "chown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", EntryPoint = "mkdtemp", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint MakeDirectory(byte[] template);
}
