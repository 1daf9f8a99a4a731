using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Secrets;

/// <summary><c>file:PATH</c>: the whole file in UTF-8, less one line break at its end, which editors and <c>echo</c> add.</summary>
internal sealed class FileSecretSource : ISecretSource
{
    private const int MaximumBytes = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaximumBytes + 1];
        try
        {
            // Sequential and unbuffered: the secret is in one buffer only, which is cleared below.
            await using var file = new FileStream(
                reference.Name, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
            var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return length > MaximumBytes
                ? throw new SecretUnavailableException($"{reference}: the file is larger than {MaximumBytes / 1024} KiB.")
                : new SecretValue(Decode(reference, buffer.AsSpan(0, length)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SecretUnavailableException($"{reference}: there is no such file.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new SecretUnavailableException($"{reference}: the gateway may not read it, or it is a directory.");
        }
        catch (IOException)
        {
            throw new SecretUnavailableException($"{reference}: the file cannot be read.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static string Decode(SecretReference reference, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        var text = bytes.EndsWith("\r\n"u8) ? bytes[..^2] : bytes.EndsWith("\n"u8) ? bytes[..^1] : bytes;
        if (text.IsEmpty)
        {
            throw new SecretUnavailableException($"{reference}: the file is empty.");
        }

        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            // Not passed on: its message quotes the bytes that it could not read.
            throw new SecretUnavailableException($"{reference}: the file is not UTF-8 text.");
        }
    }
}
