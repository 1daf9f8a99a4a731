using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Audit.Reading;

namespace Gateway.Integrations.Syslog;

/// <summary>Writes a record as a message of RFC 5424 in a frame of RFC 5425, section 4.3: its length in octets, a blank, the message.</summary>
/// <remarks>MSG is the line as it is in the file. It is ASCII, so that it is the same as UTF-8 and needs no byte order mark.</remarks>
internal sealed class SyslogMessage(SyslogSettings settings)
{
    // RFC 5424, section 7.3.1: 1 to 2147483647, then 1 again. The record itself has the whole sequence.
    private const long LargestSequenceId = int.MaxValue;

    private readonly byte[] _names = Encoding.ASCII.GetBytes(
        $" {Printable(settings.HostName, 255)} {Printable(settings.AppName, 48)} {settings.ProcessId.ToString(CultureInfo.InvariantCulture)} ");

    private readonly LineBuffer _header = new(256);

    public void Write(CallLogLine line, LineBuffer output)
    {
        var headline = RecordHeadline.Read(line.Json.Span);
        _header.CutTo(0);
        _header.Append((byte)'<');
        Append(_header, (settings.Facility * 8) + Severity(headline.Severity));
        _header.Append(">1 "u8);
        AppendTime(headline.Time);
        _header.Append(_names);

        // MSGID identifies the type of message: the event's class.
        Append(_header, headline.ClassUid);
        _header.Append(" [meta sequenceId=\""u8);
        Append(_header, ((line.Sequence - 1) % LargestSequenceId) + 1);
        _header.Append("\"] "u8);
        Append(output, _header.Length + line.Json.Length);
        output.Append((byte)' ');
        output.Append(_header.Written);
        output.Append(line.Json.Span);
    }

    /// <summary>OCSF's severities in RFC 5424's (section 6.2.1): notice for what is low, and alert for what is fatal.</summary>
    private static int Severity(int severity) => severity switch
    {
        2 => 5,
        3 => 4,
        4 => 3,
        5 => 2,
        6 => 1,
        _ => 6,
    };

    /// <summary>RFC 5424, sections 6.2.4 and 6.2.5: printable ASCII without blanks, of a limited length, or "-".</summary>
    private static string Printable(string text, int length)
    {
        var printable = string.Concat(text.Where(c => c is > ' ' and <= '~').Take(length));
        return printable.Length > 0 ? printable : "-";
    }

    private void AppendTime(long milliseconds)
    {
        if (milliseconds is <= 0 or > 253_402_300_799_999)
        {
            _header.Append((byte)'-');
            return;
        }

        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.TryFormat(_header.GetSpan(32), out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _header.Advance(length);
    }

    private static void Append(LineBuffer output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out var length);
        output.Advance(length);
    }
}
