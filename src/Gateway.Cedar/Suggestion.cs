namespace Gateway.Cedar;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Suggestion
{
    // Longer names are compared no further: distance costs their product.
    private const int MaxLength = 64;

    /// <summary><c>, did you mean `x`?</c>, or nothing where no name is near.</summary>
    public static string For(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } nearest ? $", did you mean `{nearest}`?" : "";

    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        var shortest = Math.Max(1, Math.Min(name.Length, MaxLength) / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) < shortest && candidate.Length <= MaxLength && name.Length <= MaxLength
                && Distance(name, candidate) is var distance && distance < shortest)
            {
                nearest = candidate;
                shortest = distance;
            }
        }

        return nearest;
    }

    /// <summary>Edits, insertions, deletions and swaps of neighbours between the two; a difference of case costs none.</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
