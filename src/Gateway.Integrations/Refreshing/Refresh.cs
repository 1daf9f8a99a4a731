namespace Gateway.Integrations.Refreshing;

/// <summary>How one reading went.</summary>
/// <param name="Former">What was in force before it.</param>
/// <param name="Value">What is from now on; null where it failed, and <paramref name="Former"/> stays.</param>
/// <param name="Error">Why it failed, in our words; null where it did not.</param>
/// <param name="FormerFailures">How many in a row had failed before it.</param>
internal readonly record struct Refresh<T>(T? Former, T? Value, string? Error, int FormerFailures)
    where T : class;
