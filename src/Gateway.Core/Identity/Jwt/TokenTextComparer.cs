using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Compares tokens as a whole, but hashes only their end.</summary>
/// <remarks>
/// Hashing a whole token costs more than everything else about a hit. The end of a signed token is part of its signature and
/// as good as random; keys in the cache were verified, so nobody can fill it with tokens that share an end. The hash is the
/// platform's, with a key of its own for each process.
/// </remarks>
internal sealed class TokenTextComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    private const int HashedLength = 32;

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] string obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<char> alternate) =>
        string.GetHashCode(alternate.Length > HashedLength ? alternate[^HashedLength..] : alternate, StringComparison.Ordinal);

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
}
