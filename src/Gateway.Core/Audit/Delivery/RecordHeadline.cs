using System.Text.Json;

namespace Gateway.Core.Audit.Delivery;

/// <summary>What envelopes say about a record beside the record itself.</summary>
internal readonly record struct RecordHeadline
{
    // Of the year 9999.
    private const long LastMillisecond = 253_402_300_799_999;

    public int ClassUid { get; private init; }

    /// <summary>OCSF's: 1 Informational to 6 Fatal; 0 where it is not known.</summary>
    public int Severity { get; private init; }

    /// <summary>When it happened, in milliseconds since 1970.</summary>
    public long Time { get; private init; }

    /// <summary>When it was logged, in milliseconds since 1970; else <see cref="Time"/>.</summary>
    public long LoggedTime { get; private init; }

    /// <summary><see cref="LoggedTime"/>; null where it is no time.</summary>
    public DateTimeOffset? LoggedAt => LoggedTime is > 0 and < LastMillisecond ? DateTimeOffset.FromUnixTimeMilliseconds(LoggedTime) : null;

    /// <summary>The record's id; null where it has none.</summary>
    public string? Uid { get; private init; }

    /// <summary>The id of the trace that the call belongs to, as it was given; null where there is none.</summary>
    public string? Trace { get; private init; }

    /// <summary>Reads what there is; of a line that is no JSON, what comes before it ends to be.</summary>
    public static RecordHeadline Read(ReadOnlySpan<byte> line)
    {
        var headline = default(RecordHeadline);
        var reader = new Utf8JsonReader(line);
        ReadOnlySpan<byte> outer = default, middle = default, inner = default;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType, reader.CurrentDepth)
                {
                    case (JsonTokenType.PropertyName, 1):
                        outer = reader.ValueSpan;
                        break;
                    case (JsonTokenType.PropertyName, 2):
                        middle = reader.ValueSpan;
                        break;
                    case (JsonTokenType.PropertyName, 3):
                        inner = reader.ValueSpan;
                        break;
                    case (JsonTokenType.Number or JsonTokenType.String, 1):
                        headline = OfEvent(reader, headline, outer);
                        break;
                    case (JsonTokenType.Number or JsonTokenType.String, 2):
                        headline = OfObject(reader, headline, outer, middle);
                        break;
                    case (JsonTokenType.String, 3) when outer.SequenceEqual("unmapped"u8) && middle.SequenceEqual("gateway"u8) && inner.SequenceEqual("trace"u8):
                        headline = headline with { Trace = reader.GetString() };
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // Delivered as it is, all the same: whoever reads it may know more.
        }

        return headline.LoggedTime == 0 ? headline with { LoggedTime = headline.Time } : headline;
    }

    private static RecordHeadline OfEvent(in Utf8JsonReader value, RecordHeadline headline, ReadOnlySpan<byte> name) =>
        name.SequenceEqual("class_uid"u8) ? headline with { ClassUid = (int)Number(value) }
        : name.SequenceEqual("severity_id"u8) ? headline with { Severity = (int)Number(value) }
        : name.SequenceEqual("time"u8) ? headline with { Time = Number(value) }
        : headline;

    private static RecordHeadline OfObject(in Utf8JsonReader value, RecordHeadline headline, ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name) =>
        parent.SequenceEqual("metadata"u8) && name.SequenceEqual("uid"u8) && value.TokenType == JsonTokenType.String ? headline with { Uid = value.GetString() }
        : parent.SequenceEqual("metadata"u8) && name.SequenceEqual("logged_time"u8) ? headline with { LoggedTime = Number(value) }
        : parent.SequenceEqual("trace"u8) && name.SequenceEqual("uid"u8) && value.TokenType == JsonTokenType.String ? headline with { Trace = value.GetString() }
        : headline;

    private static long Number(in Utf8JsonReader value) => value.TokenType == JsonTokenType.Number && value.TryGetInt64(out var number) ? number : 0;
}
