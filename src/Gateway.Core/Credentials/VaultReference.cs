using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Credentials;

/// <summary>What stands behind <c>vault:</c>: the path of a KV version 2 secret, and one of its fields.</summary>
/// <param name="Path">A <see cref="VaultPath"/>, as <c>vault kv get</c> takes it or as the API has it, with <c>data/</c> in it.</param>
/// <param name="Field">The field's name.</param>
internal sealed record VaultReference(string Path, string Field)
{
    public static bool TryParse(string name, [NotNullWhen(true)] out VaultReference? reference)
    {
        var hash = name.IndexOf('#');
        var (path, field) = hash < 0 ? ("", "") : (name[..hash], name[(hash + 1)..]);
        reference = VaultPath.IsSecret(path) && field.Length is > 0 and <= 128 && field.All(c => c is > ' ' and <= '~' and not '#')
            ? new VaultReference(path, field)
            : null;
        return reference is not null;
    }
}
