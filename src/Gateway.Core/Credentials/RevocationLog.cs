using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Events 3020 to 3039.</summary>
internal static partial class RevocationLog
{
    [LoggerMessage(3020, LogLevel.Warning, "Revocation of {Name}, credential {Credential}, failed, next attempt at {NextAttemptAt:O}: {Message}")]
    public static partial void RevocationFailed(this ILogger logger, string credential, string name, DateTimeOffset nextAttemptAt, string message);

    [LoggerMessage(3021, LogLevel.Information, "Revocation of {Name}, credential {Credential}: {Outcome}")]
    public static partial void RevocationSettled(this ILogger logger, string credential, string name, LeaseRevocation outcome);

    [LoggerMessage(3022, LogLevel.Error, "What came of a revocation cannot be remembered, it is done again after a restart: {Message}")]
    public static partial void OutboxUnavailable(this ILogger logger, string message);

    [LoggerMessage(3023, LogLevel.Warning, "{Count} revocations are left for the next start")]
    public static partial void RevocationsLeft(this ILogger logger, int count);

    [LoggerMessage(3024, LogLevel.Information, "{Count} revocations were left behind by the process before this one and are done now")]
    public static partial void RevocationsTakenUp(this ILogger logger, int count);
}
