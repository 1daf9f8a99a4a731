namespace Gateway.Core.Identity.Dpop;

/// <summary>The path of a URI in its normal form (RFC 3986, section 6.2.2), for comparing only.</summary>
internal static class UriPath
{
    public static byte[] Normalize(ReadOnlySpan<byte> path) => RemoveDotSegments(NormalizeEscapes(path));

    /// <summary>Sections 6.2.2.1 and 6.2.2.2: hexadecimal digits in capitals, and no escape of what needs none.</summary>
    private static ReadOnlySpan<byte> NormalizeEscapes(ReadOnlySpan<byte> path)
    {
        var result = new byte[path.Length];
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%' || i + 2 >= path.Length || !char.IsAsciiHexDigit((char)path[i + 1]) || !char.IsAsciiHexDigit((char)path[i + 2]))
            {
                result[length++] = path[i];
                continue;
            }

            var value = Convert.FromHexString([(char)path[i + 1], (char)path[i + 2]])[0];
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                result[length++] = value;
            }
            else
            {
                result[length++] = (byte)'%';
                result[length++] = (byte)char.ToUpperInvariant((char)path[i + 1]);
                result[length++] = (byte)char.ToUpperInvariant((char)path[i + 2]);
            }

            i += 2;
        }

        return result.AsSpan(0, length);
    }

    /// <summary>Section 5.2.4, of a path that starts with "/".</summary>
    private static byte[] RemoveDotSegments(ReadOnlySpan<byte> path)
    {
        var result = new List<byte>(path.Length);
        while (!path.IsEmpty)
        {
            var next = path[1..].IndexOf((byte)'/') + 1;
            var segment = next == 0 ? path : path[..next];
            var isLast = next == 0;
            path = path[segment.Length..];
            if (segment.SequenceEqual("/.."u8))
            {
                var parent = Math.Max(0, result.LastIndexOf((byte)'/'));
                result.RemoveRange(parent, result.Count - parent);
            }
            else if (!segment.SequenceEqual("/."u8))
            {
                result.AddRange(segment);
                continue;
            }

            if (isLast)
            {
                result.Add((byte)'/');
            }
        }

        return [.. result];
    }
}
