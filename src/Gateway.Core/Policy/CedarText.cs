using System.Buffers;
using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>Names as Cedar writes them.</summary>
internal static class CedarText
{
    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>An attribute's name, in quotes where it is no identifier.</summary>
    public static string NameOf(string attribute) => IsIdentifier(attribute) ? attribute : Quote(attribute);

    public static string Quote(string text) => CedarValue.From(text).ToString();

    private static bool IsIdentifier(string text) =>
        text.Length > 0
        && !char.IsAsciiDigit(text[0])
        && !text.AsSpan().ContainsAnyExcept(IdentifierCharacters)
        && text is not ("true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or "__cedar");
}
