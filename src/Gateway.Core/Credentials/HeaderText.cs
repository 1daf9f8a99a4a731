namespace Gateway.Core.Credentials;

/// <summary>Which text can travel as the value of a header field.</summary>
internal static class HeaderText
{
    /// <summary>Visible ASCII and the blank. Controls could end the field or the request; beyond ASCII the receiver's reading is not defined.</summary>
    public static bool IsAllowed(char c) => c is >= ' ' and <= '~';

    /// <summary>Why the value cannot be sent as it is; null where it can. Never repeats the value.</summary>
    public static string? Check(string value)
    {
        if (value.Length == 0)
        {
            return "is empty";
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return "contains a control character or one beyond ASCII";
        }

        // RFC 9110 §5.5: a receiver strips blanks at both ends, so the credential that arrives would be another one.
        return value[0] == ' ' || value[^1] == ' ' ? "begins or ends with a blank" : null;
    }
}
