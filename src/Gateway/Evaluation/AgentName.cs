namespace Gateway.Evaluation;

/// <summary>What an agent's id says of who vouches for it.</summary>
internal static class AgentName
{
    private const string SpiffeScheme = "spiffe://";

    public static bool IsSpiffe(string id) => id.StartsWith(SpiffeScheme, StringComparison.Ordinal);

    /// <returns>The trust domain of a SPIFFE ID, else what stands before the colon; null where the text is no agent id.</returns>
    public static string? IssuerOf(string id)
    {
        var start = IsSpiffe(id) ? SpiffeScheme.Length : 0;
        var end = id.IndexOf(start == 0 ? ':' : '/', start);
        return end > start && end < id.Length - 1 ? id[start..end] : null;
    }
}
