namespace Gateway.Configuration;

/// <summary>Marks a text that means something even when it is empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MayBeEmptyAttribute : Attribute;
