using System.Text;

namespace Gateway.Core.Audit.Verification;

/// <summary>Makes text that was found in files fit for a terminal.</summary>
internal static class Printable
{
    private const int MaxLength = 200;

    /// <summary>"?" for whatever is not plain ASCII, and cut.</summary>
    public static string Of(string text)
    {
        var builder = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var character in text)
        {
            if (builder.Length == MaxLength)
            {
                return builder.Append("...").ToString();
            }

            builder.Append(character is >= ' ' and <= '~' ? character : '?');
        }

        return builder.ToString();
    }
}
