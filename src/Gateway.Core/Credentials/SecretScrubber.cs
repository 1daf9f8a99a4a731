using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Core.Credentials;

/// <summary>Finds and masks the secrets of one lease in whatever an upstream sends back.</summary>
internal sealed class SecretScrubber
{
    private const byte MaskByte = (byte)'*';
    private static readonly HttpRequestOptionsKey<SecretScrubber> OptionsKey = new("Gateway.SecretScrubber");

    private readonly byte[][] _needles;
    private readonly string[] _texts;

    /// <param name="needles">What must not be seen, in UTF-8; none empty.</param>
    public SecretScrubber(IEnumerable<ReadOnlyMemory<byte>> needles)
    {
        // Longer ones first, so that one that holds another is masked whole.
        _needles = [.. needles.Select(n => n.ToArray()).OrderByDescending(n => n.Length)];
        _texts = [.. _needles.Select(Encoding.UTF8.GetString)];
    }

    /// <summary>Finds the scrubber that belongs to the credential on a request.</summary>
    public static bool TryFind(HttpRequestMessage? request, [NotNullWhen(true)] out SecretScrubber? scrubber)
    {
        scrubber = null;
        return request is not null && request.Options.TryGetValue(OptionsKey, out scrubber);
    }

    /// <summary>Lets the scrubber travel with the request that carries the secret, and live as long as it, whatever becomes of the lease.</summary>
    public void AttachTo(HttpRequestMessage request) => request.Options.Set(OptionsKey, this);

    public bool IsPresent(string text)
    {
        foreach (var needle in _texts)
        {
            if (text.Contains(needle, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public string Mask(string text)
    {
        foreach (var needle in _texts)
        {
            text = text.Replace(needle, new string((char)MaskByte, needle.Length), StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Masks every whole occurrence in place; the length stays.</summary>
    public void Mask(Span<byte> data)
    {
        foreach (var needle in _needles)
        {
            var rest = data;
            for (var at = rest.IndexOf(needle); at >= 0; at = rest.IndexOf(needle))
            {
                rest.Slice(at, needle.Length).Fill(MaskByte);
                rest = rest[(at + needle.Length)..];
            }
        }
    }

    /// <summary>How many bytes at the end could be the beginning of a secret.</summary>
    public int PartialMatchAtEnd(ReadOnlySpan<byte> data)
    {
        var longest = 0;
        foreach (var needle in _needles)
        {
            var tail = data[^Math.Min(needle.Length - 1, data.Length)..];
            for (var at = tail.IndexOf(needle[0]); at >= 0 && tail.Length - at > longest;)
            {
                if (needle.AsSpan().StartsWith(tail[at..]))
                {
                    longest = tail.Length - at;
                    break;
                }

                var next = tail[(at + 1)..].IndexOf(needle[0]);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return longest;
    }

    public override string ToString() => "[redacted]";
}
