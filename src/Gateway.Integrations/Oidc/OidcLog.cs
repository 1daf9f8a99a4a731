using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Oidc;

/// <summary>Events 2000 to 2099. Neither an issuer's words nor anything of a token is ever logged.</summary>
internal static partial class OidcLog
{
    [LoggerMessage(2000, LogLevel.Information, "Issuer {Issuer} has {Count} usable keys.", EventName = "KeysChanged")]
    public static partial void KeysChanged(ILogger logger, string issuer, int count);

    [LoggerMessage(2001, LogLevel.Debug, "The keys of issuer {Issuer} were refreshed and have not changed.", EventName = "KeysUnchanged")]
    public static partial void KeysUnchanged(ILogger logger, string issuer);

    [LoggerMessage(2002, LogLevel.Warning, "The keys of issuer {Issuer} could not be refreshed; the last good ones stay in use while they are young enough. {Reason}", EventName = "RefreshFailed")]
    public static partial void RefreshFailed(ILogger logger, string issuer, string reason);

    [LoggerMessage(2003, LogLevel.Information, "The keys of issuer {Issuer} can be refreshed again.", EventName = "RefreshRecovered")]
    public static partial void RefreshRecovered(ILogger logger, string issuer);
}
