using System.Text;

namespace Gateway.Core.Audit;

/// <summary>Keeps a second process out of the call log's directory, and notices when the directory goes away.</summary>
internal sealed class DirectoryLock : IDisposable
{
    public const string FileName = "calls.lock";

    // A file of its own: .NET refuses to open a file for reading that another process has locked.
    private const string OwnerFileName = "calls.owner";

    // EWOULDBLOCK of flock(2) on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;
    private readonly OpenFilePlace _place;

    private DirectoryLock(FileStream file, string path)
    {
        _file = file;
        _place = new OpenFilePlace(path, file.SafeFileHandle);
    }

    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, FileName);
        FileStream file;
        try
        {
            file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
        {
            throw new DirectoryLockedException(directory, Owner(directory));
        }

        try
        {
            // Also proves at start that the file system takes data at all.
            using var owner = PrivateFile.Open(Path.Combine(directory, OwnerFileName), FileMode.Create, FileShare.ReadWrite);
            owner.Write(Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName}"));
            return new DirectoryLock(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public bool IsInPlace() => _place.IsInPlace();

    /// <summary>Stamps the file: fails on a file system that has become read-only, which nothing else shows while no call comes.</summary>
    public void Touch(DateTimeOffset now) => File.SetLastWriteTimeUtc(_file.SafeFileHandle, now.UtcDateTime);

    public void Dispose() => _file.Dispose();

    private static string Owner(string directory)
    {
        try
        {
            using var reader = new StreamReader(Path.Combine(directory, OwnerFileName));
            Span<char> text = stackalloc char[256];
            return text[..reader.ReadBlock(text)] is { IsEmpty: false } owner ? owner.ToString() : "unknown process";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "unknown process";
        }
    }
}
