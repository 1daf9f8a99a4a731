namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Tasks</c>.</summary>
internal static class TasksValidator
{
    private const int MaxDepth = 32;
    private const int MaxTasks = 1_000_000;
    private const int MaxDenials = 1000;

    public static void Validate(TasksOptions options, ConfigurationErrors errors)
    {
        if (options.DefaultLifetime > options.MaxLifetime)
        {
            errors.Add("Gateway:Tasks:DefaultLifetime", "is longer than Gateway:Tasks:MaxLifetime: write a shorter one, or raise MaxLifetime.");
        }

        if (options.MaxDelegationDepth is < 0 or > MaxDepth)
        {
            errors.Add("Gateway:Tasks:MaxDelegationDepth", $"must be a number from 0 to {MaxDepth}.");
        }

        if (options.MaxPerHour is < 1 or > MaxTasks)
        {
            errors.Add("Gateway:Tasks:MaxPerHour", $"must be a number from 1 to {MaxTasks}.");
        }

        if (options.DenialLimit is { Count: < 1 or > MaxDenials })
        {
            errors.Add("Gateway:Tasks:DenialLimit:Count", $"must be a number from 1 to {MaxDenials}.");
        }
    }
}
