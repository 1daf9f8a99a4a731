using System.IO.Compression;

namespace Gateway.Integrations.Receivers;

/// <summary>The one compression that every receiver knows.</summary>
internal static class Gzip
{
    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var compressed = new MemoryStream(content.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
