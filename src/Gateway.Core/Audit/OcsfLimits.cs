namespace Gateway.Core.Audit;

/// <summary>Upper bounds, in characters and items, of what one record may carry: an agent must not bloat the log.</summary>
internal static class OcsfLimits
{
    /// <summary>A SPIFFE ID is at most 2,048 bytes (SPIFFE-ID, section 2.3), and two agents must not become one by cutting.</summary>
    public const int Agent = 2048;

    public const int Path = 2048;
    public const int Intent = 512;
    public const int Text = 512;
    public const int Host = 255;
    public const int Identifier = 256;
    public const int Token = 32;
    public const int Items = 64;

    /// <summary>As much of a text as the limit allows; never half a surrogate pair, which would turn into a replacement character that nobody sent.</summary>
    public static ReadOnlySpan<char> Bound(string value, int limit) =>
        value.Length <= limit ? value : value.AsSpan(0, char.IsHighSurrogate(value[limit - 1]) ? limit - 1 : limit);
}
