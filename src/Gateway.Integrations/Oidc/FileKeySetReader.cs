using Gateway.Core.Identity.Keys;

namespace Gateway.Integrations.Oidc;

/// <summary>Reads keys from a file that an operator or a sidecar keeps.</summary>
/// <remarks>
/// The file is read each time. Its time and length would save a read of a few kilobytes in ten minutes, and miss a file that
/// was replaced by one of the same length within the clock's grain.
/// </remarks>
internal sealed class FileKeySetReader(string path) : IKeySetReader
{
    public async ValueTask<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] content;
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            content = file.Length <= KeySetDocument.MaxLength
                ? new byte[file.Length]
                : throw new KeyFetchException($"The key file is larger than {KeySetDocument.MaxLength} bytes.");

            await file.ReadExactlyAsync(content, cancellationToken);
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

        return KeySetDocument.Parse(content);
    }
}
