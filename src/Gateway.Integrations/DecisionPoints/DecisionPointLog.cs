using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.DecisionPoints;

/// <summary>Events 5000 to 5099. Nothing that a decision point wrote is ever logged.</summary>
internal static partial class DecisionPointLog
{
    [LoggerMessage(5000, LogLevel.Warning, "The policy decision point {Host} fails, and calls are denied. {Reason}", EventName = "DecisionPointFails")]
    public static partial void Fails(ILogger logger, string host, string reason);

    [LoggerMessage(5001, LogLevel.Information, "The policy decision point {Host} decides again.", EventName = "DecisionPointRecovered")]
    public static partial void Recovered(ILogger logger, string host);
}
