using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Spiffe;

/// <summary>Events 2010 to 2019. Nothing of a bundle or an identity is ever logged.</summary>
internal static partial class SpiffeLog
{
    [LoggerMessage(2010, LogLevel.Information, "Trust domain {TrustDomain} has a bundle with {Authorities} authorities and {Keys} token keys.", EventName = "BundleChanged")]
    public static partial void BundleChanged(ILogger logger, string trustDomain, int authorities, int keys);

    [LoggerMessage(2011, LogLevel.Warning, "The bundle of trust domain {TrustDomain} is empty: all of its identities are refused.", EventName = "BundleEmpty")]
    public static partial void BundleEmpty(ILogger logger, string trustDomain);

    [LoggerMessage(2012, LogLevel.Warning, "The bundle of trust domain {TrustDomain} could not be refreshed; the last good one stays in use while it is young enough. {Reason}", EventName = "BundleRefreshFailed")]
    public static partial void RefreshFailed(ILogger logger, string trustDomain, string reason);

    [LoggerMessage(2013, LogLevel.Information, "The bundle of trust domain {TrustDomain} can be refreshed again.", EventName = "BundleRefreshRecovered")]
    public static partial void RefreshRecovered(ILogger logger, string trustDomain);
}
