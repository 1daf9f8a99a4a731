using Gateway.Core.Identity.Peers;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Integrations.Linux;

/// <summary>The file that a process runs, held open: what is read is that file, whatever its path leads to by then.</summary>
internal sealed class RunningExecutable : IPeerExecutable, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly ExecutableDigests _digests;

    private RunningExecutable(SafeFileHandle file, string path, ExecutableDigests digests)
    {
        _file = file;
        _digests = digests;
        Path = path;
    }

    public string Path { get; }

    /// <returns>Null where the process has ended, or the gateway may not look at it (ptrace(2), access mode checks).</returns>
    public static RunningExecutable? Open(int processId, ExecutableDigests digests)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle($"/proc/{processId}/exe", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

            // Of the open file, so that path and content are of the same program though the process may start another meanwhile.
            if (new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget is { } path)
            {
                return new RunningExecutable(file, path, digests);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // As far as rules go, the same as a process that has ended.
        }

        file?.Dispose();
        return null;
    }

    public ValueTask<string?> Sha256Async(CancellationToken cancellationToken) => _digests.ComputeAsync(_file, cancellationToken);

    public void Dispose() => _file.Dispose();
}
