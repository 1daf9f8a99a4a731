using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Audit;

/// <summary>Tells whether an open file is still found under the path that it was opened with.</summary>
/// <remarks>
/// Writing to a file that was deleted or moved away succeeds, so a log that does not look loses every record from then on.
/// On Linux <c>/proc/self/fd</c> follows the file (proc(5)): its link changes when the file or a directory above it is
/// renamed, and ends in " (deleted)" when the file is unlinked or replaced. Elsewhere only the path is looked at.
/// </remarks>
internal sealed class OpenFilePlace
{
    private const string DeletedMark = " (deleted)";

    private readonly string _path;
    private readonly string? _link;
    private readonly string? _target;

    public OpenFilePlace(string path, SafeFileHandle handle)
    {
        _path = path;
        if (OperatingSystem.IsLinux())
        {
            _link = $"/proc/self/fd/{handle.DangerousGetHandle()}";
            _target = Read(_link);
        }
    }

    /// <summary>Where the file went; null while it is in place or where that cannot be known.</summary>
    public string? MovedTo { get; private set; }

    public bool IsInPlace()
    {
        if (_target is null)
        {
            return File.Exists(_path);
        }

        var target = Read(_link!);
        if (string.Equals(target, _target, StringComparison.Ordinal))
        {
            return true;
        }

        MovedTo = target is null || target.EndsWith(DeletedMark, StringComparison.Ordinal) ? null : target;
        return false;
    }

    private static string? Read(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
