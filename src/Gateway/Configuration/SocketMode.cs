namespace Gateway.Configuration;

/// <summary>Permissions of a Unix socket as they are written.</summary>
internal static class SocketMode
{
    /// <summary>The gateway's user and group may connect.</summary>
    public const string Default = "0660";

    public static bool TryParse(string text, out UnixFileMode mode)
    {
        var digits = text.Length == 4 && text[0] == '0' ? text[1..] : text;
        mode = default;
        if (digits.Length != 3 || digits.Any(c => c is < '0' or > '7'))
        {
            return false;
        }

        mode = (UnixFileMode)((digits[0] - '0') << 6 | (digits[1] - '0') << 3 | (digits[2] - '0'));
        return true;
    }
}
