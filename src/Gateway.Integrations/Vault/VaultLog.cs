using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>Events 3060 to 3079. Neither a token nor an accessor nor a word of the server is ever logged.</summary>
internal static partial class VaultLog
{
    [LoggerMessage(3060, LogLevel.Information, "Logged in to Vault by {Method}; the token's life is {Life}", EventName = "VaultLoggedIn")]
    public static partial void LoggedIn(ILogger logger, VaultAuthMethod method, TimeSpan life);

    [LoggerMessage(3061, LogLevel.Debug, "The gateway's token at Vault was renewed", EventName = "VaultTokenRenewed")]
    public static partial void TokenRenewed(ILogger logger);

    [LoggerMessage(3062, LogLevel.Warning, "The gateway's token at Vault is not what it should be; trying again until it is. {Problem}", EventName = "VaultTokenFailed")]
    public static partial void TokenFailed(ILogger logger, string problem);

    [LoggerMessage(3063, LogLevel.Information, "The gateway has a token at Vault again", EventName = "VaultTokenRecovered")]
    public static partial void TokenRecovered(ILogger logger);

    [LoggerMessage(3064, LogLevel.Warning, "The gateway's token could not be revoked at Vault when it stopped and lives to its end. {Problem}", EventName = "VaultTokenLeft")]
    public static partial void TokenLeft(ILogger logger, string problem);

    [LoggerMessage(3065, LogLevel.Critical, "SECURITY: at Vault {Server} the wrapped secret id {How}: somebody else may hold it. Revoke it, and find out who", EventName = "VaultUnwrapFailed")]
    public static partial void UnwrapFailed(ILogger logger, string server, string how);

    [LoggerMessage(3066, LogLevel.Debug, "Task {Task} of agent {Agent} has a token of its own at Vault", EventName = "VaultTaskToken")]
    public static partial void TaskTokenMade(ILogger logger, string task, string agent);

    [LoggerMessage(3067, LogLevel.Warning, "Vault did not accept the token of task {Task} of agent {Agent}; it is replaced once", EventName = "VaultTaskTokenReplaced")]
    public static partial void TaskTokenReplaced(ILogger logger, string task, string agent);

    [LoggerMessage(3068, LogLevel.Warning, "Credential {Credential}: what Vault issued could not be remembered, and not be revoked either. {Problem}", EventName = "VaultLeaseLeft")]
    public static partial void LeaseLeft(ILogger logger, string credential, string problem);

    [LoggerMessage(3069, LogLevel.Warning, "Credential {Credential} is a long-lived secret without an end or without anybody who replaces it: write Owner and NotAfter", EventName = "VaultStaticSecret")]
    public static partial void StaticSecret(ILogger logger, string credential);
}
