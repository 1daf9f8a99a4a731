using System.Buffers;

namespace Gateway.Core.Credentials;

/// <summary>Paths of Vault's API, as they stand behind <c>/v1/</c>.</summary>
/// <remarks>Only characters that need no escaping in a URL, so that the path that is asked for is the one that is written.</remarks>
internal static class VaultPath
{
    /// <summary>What a path looks like, to follow "takes" or "must be".</summary>
    public const string Rule = "a path such as crm/creds/agent: at least two names of letters, digits, '.', '_', '~', '@', '+', '=', ':' or '-', with one '/' between them, below neither sys/ nor auth/";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("-._~@+=:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether secrets can be read there: a mount and something in it. What is below <c>sys</c> and <c>auth</c> rules Vault itself.</summary>
    public static bool IsSecret(string path) => path.Split('/') is { Length: >= 2 and var length } names && length <= 32 && names[0] is not ("sys" or "auth") && IsPath(path);

    /// <summary>Whether it is a name, or several with one slash between them.</summary>
    public static bool IsPath(string path) =>
        path.Length <= 512 && path.Split('/').All(name => name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(Characters));
}
