namespace Gateway.Cedar.Syntax;

/// <summary>Which identifiers may name what.</summary>
internal static class Identifiers
{
    /// <summary>Neither an attribute nor a part of a type's name may be called so without quotes.</summary>
    public static bool IsReserved(ReadOnlySpan<char> text) => text switch
    {
        "true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or "__cedar" => true,
        _ => false,
    };

    /// <summary>Checks a <c>A::B::C</c> name that did not come through the parser, as in JSON.</summary>
    public static bool IsTypeName(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split("::"))
        {
            if (!Lexer.IsIdentifier(text[range]) || IsReserved(text[range]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The part of a type's name after the last <c>::</c>.</summary>
    public static ReadOnlySpan<char> BaseName(ReadOnlySpan<char> typeName) =>
        typeName[(typeName.LastIndexOf("::") is var at && at >= 0 ? at + 2 : 0)..];
}
