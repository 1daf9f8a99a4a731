using System.Globalization;

namespace Gateway.Configuration;

/// <summary>The inclusive range of a duration.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute(string minimum, string maximum) : Attribute
{
    public TimeSpan Minimum { get; } = TimeSpan.ParseExact(minimum, "c", CultureInfo.InvariantCulture);

    public TimeSpan Maximum { get; } = TimeSpan.ParseExact(maximum, "c", CultureInfo.InvariantCulture);
}
