using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Core.Identity.Kinds;

/// <summary>Which claim of a token is meant, at whatever depth.</summary>
/// <remarks>
/// A text that begins with "/" is a JSON Pointer (RFC 6901): "/kubernetes.io/namespace". Any other is the name of a top-level
/// claim as it stands. Names with dots and slashes are common in claims, so neither could stand between the names by itself;
/// a pointer writes "/" in a name as "~1" and "~" as "~0". Arrays are not entered.
/// </remarks>
internal sealed record ClaimPath
{
    private readonly string[] _names;

    private ClaimPath(string text, string[] names)
    {
        Text = text;
        _names = names;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>The claim's name where it is one of the token's own; null where it is inside another.</summary>
    public string? TopLevelName => _names.Length == 1 ? _names[0] : null;

    public static ClaimPath Of(string text) =>
        TryParse(text, out var path) ? path : throw new FormatException("A claim is named as it stands, or by a JSON Pointer such as \"/kubernetes.io/namespace\".");

    public static bool TryParse(string text, [NotNullWhen(true)] out ClaimPath? path)
    {
        path = null;
        if (text.Length == 0)
        {
            return false;
        }

        if (text[0] != '/')
        {
            path = new ClaimPath(text, [text]);
            return true;
        }

        var names = text[1..].Split('/');
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0 || !TryUnescape(names[i], out names[i]))
            {
                return false;
            }
        }

        path = new ClaimPath(text, names);
        return true;
    }

    /// <summary>Finds the claim; false where it is not there, or null.</summary>
    public bool TryFind(JsonElement claims, out JsonElement value)
    {
        value = claims;
        foreach (var name in _names)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return false;
            }
        }

        return value.ValueKind != JsonValueKind.Null;
    }

    public bool Equals(ClaimPath? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override int GetHashCode() => _names.Aggregate(0, (hash, name) => HashCode.Combine(hash, name));

    public override string ToString() => Text;

    private static bool TryUnescape(string name, out string unescaped)
    {
        unescaped = name;
        for (var i = name.IndexOf('~'); i >= 0; i = name.IndexOf('~', i + 1))
        {
            if (i + 1 == name.Length || name[i + 1] is not ('0' or '1'))
            {
                return false;
            }
        }

        // In this order: "~01" is "~1" and not "/".
        unescaped = name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return true;
    }
}
