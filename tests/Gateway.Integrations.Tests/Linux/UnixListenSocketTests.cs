using System.Net.Sockets;
using System.Runtime.Versioning;
using Gateway.Integrations.Linux;

namespace Gateway.Integrations.Tests.Linux;

[UnsupportedOSPlatform("windows")]
public sealed class UnixListenSocketTests : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-socket-").FullName;

    private string SocketPath => Path.Combine(_folder, "agents.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bind_FreePath_IsThereWithItsModeAndServes()
    {
        using var bound = UnixListenSocket.Bind(SocketPath, Mode, null);
        bound.Socket.Listen();
        using var client = Connect();

        Assert.True(client.Connected);
        Assert.Equal(Mode, File.GetUnixFileMode(SocketPath));
        Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_folder));
        bound.Socket.Dispose();
    }

    [Fact]
    public void Bind_Group_IsTheFilesGroup()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can give files to any group.");
        using var bound = UnixListenSocket.Bind(SocketPath, Mode, 54322);
        bound.Socket.Dispose();

        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%g", SocketPath]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        Assert.Equal("54322", stat.StandardOutput.ReadToEnd().Trim());
    }

    [Fact]
    public void Bind_SocketThatNobodyServes_TakesItsPlace()
    {
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "other")));
            File.Move(Path.Combine(_folder, "other"), SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
        using var bound = UnixListenSocket.Bind(SocketPath, Mode, null);
        bound.Socket.Listen();
        using var client = Connect();

        Assert.True(client.Connected);
        bound.Socket.Dispose();
    }

    [Fact]
    public void Bind_SocketInUse_IsRefusedAndLeftAlone()
    {
        using var first = UnixListenSocket.Bind(SocketPath, Mode, null);
        first.Socket.Listen();

        Assert.Contains("in use", Assert.Throws<IOException>(() => UnixListenSocket.Bind(SocketPath, Mode, null)).Message, StringComparison.Ordinal);

        using var client = Connect();
        Assert.True(client.Connected);
        first.Socket.Dispose();
    }

    [Fact]
    public void Bind_FileThatIsNoSocket_IsRefusedAndLeftAlone()
    {
        File.WriteAllText(SocketPath, "precious");

        Assert.Contains("no socket", Assert.Throws<IOException>(() => UnixListenSocket.Bind(SocketPath, Mode, null)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void Bind_LinkToASocket_IsRefused()
    {
        using var bound = UnixListenSocket.Bind(SocketPath, Mode, null);
        bound.Socket.Dispose();
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, SocketPath);

        Assert.Throws<IOException>(() => UnixListenSocket.Bind(link, Mode, null));
    }

    [Fact]
    public void Bind_NoDirectory_IsRefused() =>
        Assert.Contains("does not exist", Assert.Throws<IOException>(() => UnixListenSocket.Bind(Path.Combine(_folder, "none", "s"), Mode, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Dispose_OwnFile_IsRemoved()
    {
        var bound = UnixListenSocket.Bind(SocketPath, Mode, null);
        bound.Socket.Dispose();
        bound.Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Dispose_FileOfASuccessor_IsLeftAlone()
    {
        var first = UnixListenSocket.Bind(SocketPath, Mode, null);
        first.Socket.Dispose();
        using var second = UnixListenSocket.Bind(SocketPath, Mode, null);
        second.Socket.Listen();

        first.Dispose();

        using var client = Connect();
        Assert.True(client.Connected);
        second.Socket.Dispose();
    }

    [Theory]
    [InlineData(107, 10, true)]
    [InlineData(108, 10, false)]
    [InlineData(100, 94, true)]
    [InlineData(100, 95, false)]
    public void IsShortEnough_Path_CountsItsDirectoryToo(int length, int directory, bool expected)
    {
        var path = $"/{new string('d', directory - 1)}/{new string('f', length - directory - 1)}";
        Assert.Equal(length, path.Length);

        Assert.Equal(expected, UnixListenSocket.IsShortEnough(path));
    }

    private Socket Connect()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return client;
    }
}
