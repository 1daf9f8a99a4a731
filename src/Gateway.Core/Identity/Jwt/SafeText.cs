using System.Globalization;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Tells text that shows as it is from text that a log, a console or a reader would obey instead.</summary>
internal static class SafeText
{
    private const int MaxClaimedLength = 256;

    /// <summary>No control, formatting (such as a change of direction) or line-breaking characters, and no half of a surrogate pair.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsPlain(rune) || rune == System.Text.Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Makes an unverified text fit for the record: "?" for what is not plain, and cut.</summary>
    public static string Sanitise(string text, int maxLength = MaxClaimedLength)
    {
        var builder = new System.Text.StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (builder.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            builder.Append(IsPlain(rune) ? rune.ToString() : "?");
        }

        return builder.ToString();
    }

    private static bool IsPlain(System.Text.Rune rune) => System.Text.Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
