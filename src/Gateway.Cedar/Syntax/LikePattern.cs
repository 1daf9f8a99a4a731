using System.Collections.Immutable;

namespace Gateway.Cedar.Syntax;

/// <summary>The right side of <c>like</c>: literal parts with a wildcard between each two.</summary>
internal sealed class LikePattern(ImmutableArray<string> parts)
{
    public ImmutableArray<string> Parts { get; } = parts;

    /// <summary>Takes each middle part at its leftmost place, which leaves the most for the rest.</summary>
    public bool Matches(string value)
    {
        var all = Parts.AsSpan();
        if (all.Length == 1)
        {
            return string.Equals(value, all[0], StringComparison.Ordinal);
        }

        var first = all[0];
        var last = all[^1];
        if (value.Length < first.Length + last.Length
            || !value.StartsWith(first, StringComparison.Ordinal)
            || !value.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = value.AsSpan(first.Length, value.Length - first.Length - last.Length);
        foreach (var part in all[1..^1])
        {
            var at = rest.IndexOf(part, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + part.Length)..];
        }

        return true;
    }

    public override string ToString() =>
        "\"" + string.Join('*', Parts.Select(static part => StringLiteral.EncodePart(part, isPattern: true))) + "\"";
}
