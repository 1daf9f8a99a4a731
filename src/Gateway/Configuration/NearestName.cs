namespace Gateway.Configuration;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate that takes the fewest edits to reach, or null where none is near.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        // The cost grows with the product of the lengths, and no long text is a misspelt name.
        if (name.Length > 64)
        {
            return null;
        }

        // A third of the letters may be wrong; beyond that a suggestion misleads.
        var limit = Math.Max(1, name.Length / 3);
        return candidates
            .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= limit)
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's distance, two swapped neighbours counting as one edit.</summary>
    private static int Distance(string left, string right)
    {
        var distances = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            for (var column = 0; column <= right.Length; column++)
            {
                distances[row, column] = (row, column) switch
                {
                    (0, _) => column,
                    (_, 0) => row,
                    _ => Math.Min(
                        distances[row - 1, column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1),
                        1 + Math.Min(distances[row - 1, column], distances[row, column - 1])),
                };
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    distances[row, column] = Math.Min(distances[row, column], distances[row - 2, column - 2] + 1);
                }
            }
        }

        return distances[left.Length, right.Length];
    }
}
