namespace Gateway.Core.Audit.Chain;

/// <summary>The records in which the log speaks of itself.</summary>
internal static class CheckpointEvents
{
    private const string CheckpointType = "Audit Checkpoint";
    private const string SegmentType = "Audit Segment";

    /// <param name="statement">What is signed.</param>
    /// <param name="about">The record that it is about.</param>
    /// <param name="now">When.</param>
    public static EntityEvent Checkpoint(string statement, long about, DateTimeOffset now) =>
        Create(EntityActivity.Create, CheckpointType, $"{about}", [KeyValuePair.Create<string, object>("statement", statement)], now);

    /// <param name="statement">What is signed, about the last record that is deleted.</param>
    /// <param name="first">The first record that is deleted.</param>
    /// <param name="last">The last one.</param>
    /// <param name="now">When.</param>
    public static EntityEvent Deletion(string statement, long first, long last, DateTimeOffset now) => Create(
        EntityActivity.Delete,
        SegmentType,
        $"{first}-{last}",
        [KeyValuePair.Create<string, object>("statement", statement)],
        now);

    private static EntityEvent Create(EntityActivity activity, string type, string entity, KeyValuePair<string, object>[] data, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now).ToString(),
        At = now,
        Activity = activity,
        Type = type,
        Entity = entity,
        Data = data,
    };
}
