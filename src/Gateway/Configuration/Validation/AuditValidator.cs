namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Audit</c>.</summary>
internal static class AuditValidator
{
    private const int MinSegmentBytes = 64 * 1024;
    private const int MaxSegmentBytes = 1024 * 1024 * 1024;
    private const int MaxInstance = 255;

    public static void Validate(AuditOptions options, ConfigurationErrors errors)
    {
        if (options.SegmentBytes is < MinSegmentBytes or > MaxSegmentBytes)
        {
            errors.Add("Gateway:Audit:SegmentBytes", $"must be a number from {MinSegmentBytes} to {MaxSegmentBytes}.");
        }

        if (options.Instance is { } instance && (instance.Length is 0 or > MaxInstance || instance.Any(char.IsControl)))
        {
            errors.Add("Gateway:Audit:Instance", $"must have 1 to {MaxInstance} characters, none of them a control character.");
        }

        CheckRange(options.Alerts.MaxPerMinute, 10_000, "Gateway:Audit:Alerts:MaxPerMinute", errors);
        CheckRange(options.Alerts.DenialsPerMinute, 1_000_000, "Gateway:Audit:Alerts:DenialsPerMinute", errors);
        if (options.Retention < options.SegmentAge)
        {
            errors.Add("Gateway:Audit:Retention", "is shorter than Gateway:Audit:SegmentAge, and files are deleted as wholes: write a longer one, or lower SegmentAge.");
        }
    }

    private static void CheckRange(int value, int most, string key, ConfigurationErrors errors)
    {
        if (value < 1 || value > most)
        {
            errors.Add(key, $"must be a number from 1 to {most}.");
        }
    }
}
