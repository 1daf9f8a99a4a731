namespace Gateway.Integrations.Secrets;

/// <summary>Tells whether a file has changed without reading it.</summary>
internal readonly record struct SecretFileStamp(DateTime WrittenAt, long Length, UnixFileMode Mode)
{
    /// <summary>Coarser than any file system's clock in use.</summary>
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(2);

    public static SecretFileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new SecretFileStamp(file.LastWriteTimeUtc, file.Length, file.UnixFileMode) : default;
    }

    /// <summary>Whether the file was old enough when it was read, at <paramref name="readAt"/>, that a later write must show in its time.</summary>
    /// <remarks>A file written, read and written again within one step of its file system's clock may look unchanged.</remarks>
    public bool IsSettled(DateTimeOffset readAt) => readAt.UtcDateTime - WrittenAt > ClockStep;
}
