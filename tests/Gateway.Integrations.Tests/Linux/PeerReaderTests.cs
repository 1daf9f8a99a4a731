using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Gateway.Core.Identity.Peers;
using Gateway.Integrations.Linux;

namespace Gateway.Integrations.Tests.Linux;

/// <summary>Real processes at the other end of a real socket, judged by the kernel of the machine that runs the tests.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PeerReaderTests : IDisposable
{
    private const string Curl = "/usr/bin/curl";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-peer-").FullName;
    private readonly ExecutableDigests _digests = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Process> _children = [];
    private readonly List<Socket> _accepted = [];

    public PeerReaderTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(SocketPath, (UnixFileMode)0x1B6);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(_folder, "s");

    public void Dispose()
    {
        _accepted.ForEach(s => s.Dispose());
        foreach (var child in _children)
        {
            if (!child.HasExited)
            {
                child.Kill();
                child.WaitForExit();
            }

            child.Dispose();
        }

        _listener.Dispose();
        _digests.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Read_ChildProcess_IsThatProcessAndProgram()
    {
        var program = Copy("agent");
        var (socket, child) = await ConnectAsync(program);

        var peer = new PeerReader(_digests).Read(socket)!;

        Assert.Equal((child.Id, program), (peer.ProcessId, peer.Executable?.Path));
        Assert.Equal(DigestOf(Curl), await peer.Executable!.Sha256Async(Stop));
        Assert.Equal(ControlGroup.Parse(await File.ReadAllTextAsync($"/proc/{child.Id}/cgroup", Stop)), peer.ControlGroup);
        ((IDisposable)peer.Executable).Dispose();
    }

    [Fact]
    public async Task Read_OtherUserAndGroup_AreThoseOfTheProcess()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can start a process as another user.");
        var (socket, _) = await ConnectAsync("setpriv", "--reuid", "54321", "--regid", "54322", "--clear-groups", Curl);

        var peer = new PeerReader(_digests).Read(socket)!;

        Assert.Equal((54321u, 54322u), (peer.UserId, peer.GroupId));
        (peer.Executable as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task Read_ProgramDeleted_SaysSoAndHashesWhatRuns()
    {
        var program = Copy("agent");
        var (socket, _) = await ConnectAsync(program);
        File.Delete(program);

        var peer = new PeerReader(_digests).Read(socket)!;

        Assert.Equal($"{program} (deleted)", peer.Executable?.Path);
        Assert.Equal(DigestOf(Curl), await peer.Executable!.Sha256Async(Stop));
        ((IDisposable)peer.Executable).Dispose();
    }

    [Fact]
    public async Task Read_ProgramReplacedUnderItsPath_HashesWhatRuns()
    {
        var program = Copy("agent");
        var (socket, _) = await ConnectAsync(program);
        await File.WriteAllTextAsync($"{program}.new", "another", Stop);
        File.Move($"{program}.new", program, overwrite: true);

        var peer = new PeerReader(_digests).Read(socket)!;

        Assert.NotEqual(program, peer.Executable?.Path);
        Assert.Equal(DigestOf(Curl), await peer.Executable!.Sha256Async(Stop));
        ((IDisposable)peer.Executable).Dispose();
    }

    [Fact]
    public async Task Read_ProgramReplacedAfterTheRead_HashesWhatRan()
    {
        var program = Copy("agent");
        var (socket, _) = await ConnectAsync(program);
        var peer = new PeerReader(_digests).Read(socket)!;
        await File.WriteAllTextAsync($"{program}.new", "another", Stop);
        File.Move($"{program}.new", program, overwrite: true);

        Assert.Equal(DigestOf(Curl), await peer.Executable!.Sha256Async(Stop));
        ((IDisposable)peer.Executable).Dispose();
    }

    [Fact]
    public async Task Read_ProcessGone_KnowsUserAndNothingOfAnyProcess()
    {
        var (socket, child) = await ConnectAsync(Copy("agent"));
        child.Kill();
        await child.WaitForExitAsync(Stop);

        var peer = new PeerReader(_digests).Read(socket)!;

        Assert.Equal(child.Id, peer.ProcessId);
        Assert.Null(peer.Executable);
        Assert.Null(peer.ControlGroup);
    }

    [Fact]
    public async Task Describe_NumberOfAProcessThatEnded_TakesNothingFromWhoHasItNow()
    {
        // As if the number of the peer's process had been given to this one: the pidfd is of a process that has ended.
        var (_, child) = await ConnectAsync(Copy("agent"));
        using var process = ProcessHandle.Open(child.Id)!;
        Assert.True(process.IsRunning());
        child.Kill();
        await child.WaitForExitAsync(Stop);

        var peer = new PeerReader(_digests).Describe(new UnixPeer(0, 0, Environment.ProcessId, null, null), process);

        Assert.False(process.IsRunning());
        Assert.Null(peer.Executable);
        Assert.Null(peer.ControlGroup);
    }

    [Fact]
    public void Open_NoSuchProcess_IsNull() => Assert.Null(ProcessHandle.Open(int.MaxValue));

    [Fact]
    public void Read_TcpSocket_IsNull()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.Null(new PeerReader(_digests).Read(socket));
    }

    private static string DigestOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private string Copy(string name)
    {
        var path = Path.Combine(_folder, name);
        File.Copy(Curl, path);
        return path;
    }

    private async Task<(Socket Socket, Process Child)> ConnectAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. arguments, "--silent", "--max-time", "60", "--unix-socket", SocketPath, "http://gateway/"])
        {
            start.ArgumentList.Add(argument);
        }

        var child = Process.Start(start)!;
        _children.Add(child);
        var socket = await _listener.AcceptAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop);
        _accepted.Add(socket);
        return (socket, child);
    }
}
