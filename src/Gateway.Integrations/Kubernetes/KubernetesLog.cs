using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Kubernetes;

/// <summary>Events 2020 to 2029. Neither the API server's words nor anything of a token is ever logged.</summary>
internal static partial class KubernetesLog
{
    [LoggerMessage(2020, LogLevel.Warning, "Tokens of issuer {Issuer} cannot be reviewed, so they are refused. {Reason}", EventName = "ReviewFailed")]
    public static partial void ReviewFailed(ILogger logger, string issuer, string reason);

    [LoggerMessage(2021, LogLevel.Information, "Tokens of issuer {Issuer} can be reviewed again.", EventName = "ReviewRecovered")]
    public static partial void ReviewRecovered(ILogger logger, string issuer);
}
