using System.Globalization;
using System.Text;

namespace Gateway.Core.Audit.Delivery;

/// <summary>Keeps a sink's place in the log over restarts: one line, the sequence and the digest of the last record that it has had.</summary>
internal sealed class SinkCursorFile(string path)
{
    private const int MaxBytes = 128;

    /// <returns>Null where there is none.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public SinkCursor? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        Span<byte> content = stackalloc byte[MaxBytes];
        using var file = File.OpenHandle(path);
        var text = Encoding.ASCII.GetString(content[..RandomAccess.Read(file, content, 0)]).Split(' ', '\n');
        return text is [var sequence, { Length: 64 } digest, ""] && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new SinkCursor(number, digest)
            : throw new InvalidDataException("The file holds no place in the log.");
    }

    /// <summary>Replaces it; a crash leaves the former one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(SinkCursor cursor)
    {
        PrivateFile.CreateDirectory(Path.GetDirectoryName(path) ?? "");
        var temporary = $"{path}.tmp";
        using (var file = PrivateFile.Open(temporary, FileMode.Create, FileShare.Read))
        {
            file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cursor.Sequence} {cursor.Digest}\n")));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
