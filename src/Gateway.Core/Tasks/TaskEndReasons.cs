namespace Gateway.Core.Tasks;

/// <summary>The names of <see cref="TaskEndReason"/> in answers, receipts and the log.</summary>
internal static class TaskEndReasons
{
    public static string Name(this TaskEndReason reason) => reason switch
    {
        TaskEndReason.Completed => "completed",
        TaskEndReason.Deviated => "deviated",
        TaskEndReason.Expired => "expired",
        TaskEndReason.Killed => "killed",
        _ => "interrupted",
    };

    public static bool TryParse(string? name, out TaskEndReason reason)
    {
        foreach (var candidate in Enum.GetValues<TaskEndReason>())
        {
            if (candidate.Name() == name)
            {
                reason = candidate;
                return true;
            }
        }

        reason = default;
        return false;
    }
}
