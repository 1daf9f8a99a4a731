using Microsoft.Extensions.Logging;

namespace Gateway.Core.Credentials;

/// <summary>Events 3000 to 3019. Failures carry a message that was written for this log, never an exception.</summary>
internal static partial class LeaseStoreLog
{
    [LoggerMessage(3000, LogLevel.Debug, "Lease {Lease} of credential {Credential} issued for agent {Agent} and tool {Tool}, used until {ExpiresAt:O}")]
    public static partial void LeaseIssued(this ILogger logger, string lease, string credential, string agent, string tool, DateTimeOffset expiresAt);

    [LoggerMessage(3001, LogLevel.Warning, "Credential {Credential} could not be obtained, next attempt in {RetryAfter}: {Message}")]
    public static partial void IssueFailed(this ILogger logger, string credential, TimeSpan retryAfter, string message);

    [LoggerMessage(3002, LogLevel.Warning, "Credential {Credential} could not be refreshed, its lease is used until {ExpiresAt:O}, next attempt in {RetryAfter}: {Message}")]
    public static partial void RefreshFailed(this ILogger logger, string credential, DateTimeOffset expiresAt, TimeSpan retryAfter, string message);

    [LoggerMessage(3003, LogLevel.Information, "Credential {Credential} can be obtained again")]
    public static partial void IssuerRecovered(this ILogger logger, string credential);

    [LoggerMessage(3004, LogLevel.Warning, "The lease store is full ({Capacity} leases): calls that need a new lease are refused")]
    public static partial void StoreFull(this ILogger logger, int capacity);

    [LoggerMessage(3005, LogLevel.Information, "{Count} leases dropped")]
    public static partial void LeasesDropped(this ILogger logger, int count);

    [LoggerMessage(3006, LogLevel.Information, "A lease of credential {Credential} for agent {Agent} arrived after it was dropped and is not used")]
    public static partial void LeaseArrivedDropped(this ILogger logger, string credential, string agent);

    [LoggerMessage(3008, LogLevel.Debug, "Lease {Lease} of credential {Credential} renewed, used until {ExpiresAt:O}")]
    public static partial void LeaseRenewed(this ILogger logger, string lease, string credential, DateTimeOffset expiresAt);

    [LoggerMessage(3009, LogLevel.Warning, "Accounts of leases cannot be written, they are kept and written later: {Message}")]
    public static partial void AccountsUnavailable(this ILogger logger, string message);

    [LoggerMessage(3010, LogLevel.Information, "A task's revocations take longer than {Patience} and go on")]
    public static partial void SettlingTakesLonger(this ILogger logger, TimeSpan patience);

    [LoggerMessage(3007, LogLevel.Debug, "{Count} expired leases removed")]
    public static partial void LeasesSwept(this ILogger logger, int count);
}
