using System.Diagnostics;

namespace Gateway.Core.Tests.Audit;

/// <summary>A real file system of a few hundred kilobytes, so that "disk full" is the kernel's own.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts a tmpfs below <paramref name="root"/>, or skips the test where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync(string root, int bytes, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Needs root on Linux to mount a tmpfs.");
        var path = Directory.CreateDirectory(System.IO.Path.Combine(root, "disk")).FullName;
        var mounted = await RunAsync("mount", ["-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", path], cancellationToken);
        Assert.SkipUnless(mounted, "A tmpfs cannot be mounted here.");
        return new SmallDisk(path);
    }

    /// <summary>Fills the disk but for some bytes, and returns the file to delete to make room again.</summary>
    public string Fill(int leaveBytes)
    {
        var ballast = System.IO.Path.Combine(Path, "ballast");
        var free = new DriveInfo(Path).AvailableFreeSpace;
        File.WriteAllBytes(ballast, new byte[Math.Max(0, free - leaveBytes)]);
        return ballast;
    }

    public Task<bool> TryRemountAsync(string mode, CancellationToken cancellationToken) =>
        RunAsync("mount", ["-o", $"remount,{mode}", Path], cancellationToken);

    public async ValueTask DisposeAsync() => await RunAsync("umount", ["--lazy", Path], CancellationToken.None);

    private static async Task<bool> RunAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        _ = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0;
    }
}
