namespace Gateway.Integrations.Oidc;

/// <summary>Reads a file of public keys.</summary>
/// <remarks>
/// The file is read each time. Its time and length would save a read of a few kilobytes now and then, and miss a file that
/// was replaced by one of the same length within the clock's grain.
/// </remarks>
internal static class KeyFile
{
    /// <exception cref="KeyFetchException">The file cannot be read.</exception>
    public static async ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            var content = file.Length <= KeySetDocument.MaxLength
                ? new byte[file.Length]
                : throw new KeyFetchException($"The key file is larger than {KeySetDocument.MaxLength} bytes.");

            await file.ReadExactlyAsync(content, cancellationToken);
            return content;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KeyFetchException("The key file does not exist.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new KeyFetchException("The key file may not be read by the gateway.");
        }
        catch (IOException)
        {
            throw new KeyFetchException("The key file could not be read.");
        }
    }
}
