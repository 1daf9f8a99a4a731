using System.Globalization;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Audit.Reading;

namespace Gateway.Integrations.Otlp;

/// <summary>What a log record of OpenTelemetry says about a record of the call log.</summary>
/// <remarks>
/// The body is the line as it is in the file, as a string: a receiver can verify the chain with it, which a map of fields, whose
/// bytes are not those of the line, would not allow. Whoever wants fields parses JSON there, as for any other log.
/// </remarks>
internal readonly ref struct OtlpRecord
{
    public const string UidAttribute = "log.record.uid";
    public const string ClassAttribute = "ocsf.class_uid";
    public const string SequenceAttribute = "ocsf.sequence";

    private const long NanosecondsPerMillisecond = 1_000_000;

    public OtlpRecord(CallLogLine line)
    {
        var headline = RecordHeadline.Read(line.Json.Span);
        Body = line.Json.Span;
        Sequence = line.Sequence;
        ClassUid = headline.ClassUid;
        Uid = headline.Uid ?? "";
        Time = Nanoseconds(headline.Time);
        ObservedTime = Nanoseconds(headline.LoggedTime);
        (SeverityNumber, SeverityText) = Severity(headline.Severity);
        TraceId = TraceOf(headline.Trace);
    }

    public ReadOnlySpan<byte> Body { get; }

    public long Sequence { get; }

    public int ClassUid { get; }

    public string Uid { get; }

    /// <summary>When it happened, in nanoseconds since 1970; 0 where that is not known.</summary>
    public ulong Time { get; }

    /// <summary>When it was logged, so too.</summary>
    public ulong ObservedTime { get; }

    public int SeverityNumber { get; }

    /// <summary>OCSF's own word.</summary>
    public string SeverityText { get; }

    /// <summary>16 bytes; empty where the call belongs to no trace.</summary>
    public ReadOnlySpan<byte> TraceId { get; }

    private static ulong Nanoseconds(long milliseconds) =>
        milliseconds is > 0 and < long.MaxValue / NanosecondsPerMillisecond ? (ulong)(milliseconds * NanosecondsPerMillisecond) : 0;

    /// <summary>As the logs data model maps syslog's severities ("Appendix B"), which OCSF's are like.</summary>
    private static (int Number, string Text) Severity(int severity) => severity switch
    {
        1 => (9, "Informational"),
        2 => (10, "Low"),
        3 => (13, "Medium"),
        4 => (17, "High"),
        5 => (18, "Critical"),
        6 => (21, "Fatal"),
        _ => (0, "Unknown"),
    };

    /// <summary>An id of any other shape is not one (W3C Trace Context, section 3.2.2.3); it still is in the body.</summary>
    private static ReadOnlySpan<byte> TraceOf(string? trace)
    {
        if (trace is not { Length: 32 } || !UInt128.TryParse(trace, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) || id == 0)
        {
            return default;
        }

        return Convert.FromHexString(trace);
    }
}
