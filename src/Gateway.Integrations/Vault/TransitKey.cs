using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>A key of Vault's transit engine, as it stands behind <c>transit:</c>.</summary>
/// <param name="Mount">Where the engine is; may have slashes.</param>
/// <param name="Name">The key's name.</param>
internal sealed record TransitKey(string Mount, string Name)
{
    private const string DefaultMount = "transit";

    /// <param name="text"><c>NAME</c>, for the mount "transit", or <c>MOUNT/NAME</c>.</param>
    /// <param name="key">The key.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out TransitKey? key)
    {
        var slash = text.LastIndexOf('/');
        var parsed = slash < 0 ? new TransitKey(DefaultMount, text) : new TransitKey(text[..slash], text[(slash + 1)..]);
        key = VaultPath.IsSecret($"{parsed.Mount}/{parsed.Name}") ? parsed : null;
        return key is not null;
    }

    public override string ToString() => Mount == DefaultMount ? Name : $"{Mount}/{Name}";
}
