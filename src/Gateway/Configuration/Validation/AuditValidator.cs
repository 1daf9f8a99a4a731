namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Audit</c>.</summary>
internal static class AuditValidator
{
    private const int MinSegmentBytes = 64 * 1024;
    private const int MaxSegmentBytes = 1024 * 1024 * 1024;

    public static void Validate(AuditOptions options, ConfigurationErrors errors)
    {
        if (options.SegmentBytes is < MinSegmentBytes or > MaxSegmentBytes)
        {
            errors.Add("Gateway:Audit:SegmentBytes", $"must be a number from {MinSegmentBytes} to {MaxSegmentBytes}.");
        }

        if (options.Retention < options.SegmentAge)
        {
            errors.Add("Gateway:Audit:Retention", "is shorter than Gateway:Audit:SegmentAge, and files are deleted as wholes: write a longer one, or lower SegmentAge.");
        }
    }
}
