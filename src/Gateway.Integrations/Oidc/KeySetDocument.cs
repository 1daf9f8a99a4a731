using Gateway.Core.Identity.Keys;

namespace Gateway.Integrations.Oidc;

/// <summary>What is demanded of a JWK set wherever it comes from.</summary>
internal static class KeySetDocument
{
    /// <summary>Bytes. An honest issuer's documents are a few kilobytes.</summary>
    public const int MaxLength = 1024 * 1024;

    public static IReadOnlyList<SigningKey> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!JsonWebKeySetReader.TryRead(utf8, out var keys))
        {
            throw new KeyFetchException("The key document is not a JWK set.");
        }

        // An empty set would be an order to refuse every token; far more often it is a broken deployment of the issuer.
        return keys.Count > 0 ? keys : throw new KeyFetchException("The JWK set has no key that a signature could be verified with.");
    }
}
