using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>A SPIFFE ID (SPIFFE-ID, section 2): a trust domain and the path of a workload in it.</summary>
/// <remarks>
/// One spelling for each identity. Section 2.4 calls scheme and trust domain case-insensitive, section 2.1 demands small
/// letters; a parser that lowered them would let two texts mean one agent, and policies compare texts.
/// </remarks>
internal sealed record SpiffeId
{
    /// <summary>Bytes, which are characters here (section 2.3).</summary>
    public const int MaxLength = 2048;

    /// <summary>RFC 3986 allows a host so many.</summary>
    public const int MaxTrustDomainLength = 255;

    private const string Prefix = "spiffe://";
    private static readonly SearchValues<char> TrustDomainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");
    private static readonly SearchValues<char> SegmentCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    private SpiffeId(string text, int pathStart)
    {
        Text = text;
        TrustDomain = text[Prefix.Length..pathStart];
        HasPath = pathStart < text.Length;
    }

    public string Text { get; }

    public string TrustDomain { get; }

    /// <summary>Whether it names a workload. Without a path it names the trust domain itself, which only its authorities may do.</summary>
    public bool HasPath { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out SpiffeId? id)
    {
        id = null;
        if (text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var slash = text.IndexOf('/', Prefix.Length);
        var pathStart = slash < 0 ? text.Length : slash;
        if (!IsTrustDomain(text.AsSpan(Prefix.Length, pathStart - Prefix.Length)) || !IsPath(text.AsSpan(pathStart)))
        {
            return false;
        }

        id = new SpiffeId(text, pathStart);
        return true;
    }

    /// <summary>Whether a text can name a trust domain (section 2.1), which need not be a DNS name.</summary>
    public static bool IsTrustDomain(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxTrustDomainLength && !name.ContainsAnyExcept(TrustDomainCharacters);

    public override string ToString() => Text;

    /// <summary>Section 2.2: no empty segment, so no "/" at the end either, and none that a file system would follow.</summary>
    private static bool IsPath(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty)
        {
            return true;
        }

        foreach (var range in path[1..].Split('/'))
        {
            var segment = path[1..][range];
            if (segment.IsEmpty || segment is "." or ".." || segment.ContainsAnyExcept(SegmentCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
