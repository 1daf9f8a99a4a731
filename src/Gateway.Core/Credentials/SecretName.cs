using System.Buffers;

namespace Gateway.Core.Credentials;

/// <summary>What a secret of the embedded store may be called.</summary>
internal static class SecretName
{
    /// <summary>The rule in words, to follow "takes" or "must be".</summary>
    public const string Rule = "a name of 1 to 128 letters, digits, '.', '_' or '-'";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsValid(string name) => name.Length is > 0 and <= 128 && !name.AsSpan().ContainsAnyExcept(Characters);
}
