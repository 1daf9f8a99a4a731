using Microsoft.Extensions.Logging;

namespace Gateway.Core.Audit.Index;

/// <summary>Events 4080 to 4089.</summary>
internal static partial class CallIndexLog
{
    [LoggerMessage(4080, LogLevel.Error, "The index of the call log cannot be used, so calls cannot be looked for; the log itself is not touched by that: {Problem}")]
    public static partial void Unavailable(ILogger logger, string problem);

    [LoggerMessage(4081, LogLevel.Warning, "The index of the call log works again; it covers the log up to record {Sequence}")]
    public static partial void Recovered(ILogger logger, long sequence);

    [LoggerMessage(4082, LogLevel.Warning, "The index {Path} is made anew from the call log's files: {Why}")]
    public static partial void MadeAnew(ILogger logger, string path, string why);
}
