using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>A trust domain's bundle, seen as the source of the keys that sign its tokens.</summary>
internal sealed class BundleSigningKeys(IBundleSource bundles) : ISigningKeySource
{
    public SigningKeySet? Current => bundles.Current?.SigningKeys;

    public async ValueTask<SigningKeySet?> RefreshAsync(SigningKeySet? seen, CancellationToken cancellationToken)
    {
        var current = bundles.Current;
        if (!ReferenceEquals(current?.SigningKeys, seen))
        {
            return current?.SigningKeys;
        }

        return (await bundles.RefreshAsync(current, cancellationToken))?.SigningKeys;
    }
}
