using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Gateway.Core.Identity.Peers;

namespace Gateway.Integrations.Linux;

/// <summary>Asks the kernel who is at the other end of a Unix socket.</summary>
internal sealed class PeerReader(ExecutableDigests digests)
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsSize = 12;
    private const int MaxFileLength = 64 * 1024;

    /// <returns>Null where the socket has no such peer. <see cref="UnixPeer.Executable"/> is the caller's to dispose of.</returns>
    public UnixPeer? Read(Socket socket)
    {
        // struct ucred: pid, uid, gid, as they were when the peer called connect(2) (unix(7)).
        Span<byte> credentials = stackalloc byte[CredentialsSize];
        try
        {
            if (socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) != CredentialsSize)
            {
                return null;
            }
        }
        catch (SocketException)
        {
            return null;
        }

        var peer = new UnixPeer(MemoryMarshal.Read<uint>(credentials[4..]), MemoryMarshal.Read<uint>(credentials[8..]), MemoryMarshal.Read<int>(credentials), null, null);
        if (peer.ProcessId <= 0)
        {
            // Of another kind of socket the kernel says: no process, and nobody.
            return peer.UserId == uint.MaxValue ? null : peer;
        }

        using var named = ProcessHandle.OfPeer(socket, out var supported);
        if (supported)
        {
            return named is null ? peer : Describe(peer, named);
        }

        // An older kernel: the number may be another process's by now. One of the same user could pass for the peer, which it
        // can do in other ways as well; one of another user is told apart.
        using var found = ProcessHandle.Open(peer.ProcessId);
        return found is not null && BelongsTo(peer.ProcessId, peer.UserId) ? Describe(peer, found) : peer;
    }

    /// <summary>Adds what <c>/proc</c> says of a process, all of it of this very process or nothing.</summary>
    internal UnixPeer Describe(UnixPeer peer, ProcessHandle process)
    {
        var executable = RunningExecutable.Open(peer.ProcessId, digests);
        var group = ReadFile(peer.ProcessId, "cgroup") is { } text ? ControlGroup.Parse(text) : null;
        if (process.IsRunning())
        {
            return peer with { Executable = executable, ControlGroup = group };
        }

        // Its number may have been given to another process while it was looked up.
        executable?.Dispose();
        return peer;
    }

    /// <summary>Whether one of the process's user ids (real, effective, saved) is that of the peer.</summary>
    private static bool BelongsTo(int processId, uint userId) =>
        ReadFile(processId, "status")?.Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal)) is { } line
        && line.Split('\t').Skip(1).Contains(userId.ToString());

    private static string? ReadFile(int processId, string name)
    {
        try
        {
            using var file = File.OpenHandle($"/proc/{processId}/{name}");
            var buffer = new byte[MaxFileLength];
            return Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(file, buffer, 0));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
