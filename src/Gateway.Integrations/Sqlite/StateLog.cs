using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Sqlite;

/// <summary>Events 3040 to 3049.</summary>
internal static partial class StateLog
{
    [LoggerMessage(3040, LogLevel.Error, "What must be remembered cannot be, so calls that need it are refused: {Problem}")]
    public static partial void StateUnavailable(this ILogger logger, string problem);

    [LoggerMessage(3041, LogLevel.Warning, "The state file {Path} works again")]
    public static partial void StateRecovered(this ILogger logger, string path);
}
