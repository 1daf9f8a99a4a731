using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using Gateway.Core.Audit.Chain;

namespace Gateway.Core.Audit;

/// <summary>Writes the JSON of one event: bounds every text, and leaves out what is not known.</summary>
/// <remarks>
/// About half of what <see cref="System.Text.Json.Utf8JsonWriter"/> costs, because names are constants that need no escaping
/// and the shape is fixed by code. Values that hold anything but plain ASCII go through the same encoder as there.
/// </remarks>
internal sealed class OcsfJson(LineBuffer output)
{
    /// <summary>Printable ASCII without what <see cref="JavaScriptEncoder.Default"/> escapes.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    private bool _needsComma;

    /// <summary>Whether a value of the current event was cut.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Where in the output the chain's value of the current event will be.</summary>
    public int ChainAt { get; private set; }

    public void Begin()
    {
        Truncated = false;
        _needsComma = false;
        StartObject();
    }

    public void StartObject(ReadOnlySpan<byte> name)
    {
        Name(name);
        Open((byte)'{');
    }

    public void StartObject()
    {
        Separate();
        Open((byte)'{');
    }

    public void EndObject() => Close((byte)'}');

    public void StartArray(ReadOnlySpan<byte> name)
    {
        Name(name);
        Open((byte)'[');
    }

    public void EndArray() => Close((byte)']');

    /// <summary>A value of ours, which needs no escaping.</summary>
    public void Literal(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Quote(value, Name(name, value.Length + 2));

    public void LiteralItem(ReadOnlySpan<byte> value)
    {
        Separate();
        Quote(value, output.Take(value.Length + 2));
    }

    public void Flag(ReadOnlySpan<byte> name, bool value)
    {
        var text = value ? "true"u8 : "false"u8;
        text.CopyTo(Name(name, text.Length));
    }

    public void Number(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        value.TryFormat(output.GetSpan(32), out var length, default, CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    public void Number(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            Number(name, number);
        }
    }

    /// <summary>Milliseconds with microseconds after the point.</summary>
    public void Milliseconds(ReadOnlySpan<byte> name, TimeSpan value)
    {
        Name(name);
        var (whole, rest) = Math.DivRem(value.Ticks / TimeSpan.TicksPerMicrosecond, 1000);
        var span = output.GetSpan(64);
        var length = 0;
        if (whole == 0 && rest < 0)
        {
            span[length++] = (byte)'-';
        }

        whole.TryFormat(span[length..], out var digits, default, CultureInfo.InvariantCulture);
        length += digits;
        rest = Math.Abs(rest);
        if (rest > 0)
        {
            span[length++] = (byte)'.';
        }

        for (var unit = 100; rest > 0; rest %= unit, unit /= 10)
        {
            span[length++] = (byte)('0' + (rest / unit));
        }

        output.Advance(length);
    }

    /// <summary>OCSF's timestamp_t: milliseconds since 1970.</summary>
    public void Time(ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            Number(name, time.ToUnixTimeMilliseconds());
        }
    }

    public void Text(ReadOnlySpan<byte> name, string? value, int limit)
    {
        if (value is not null)
        {
            Name(name);
            String(Bound(value, limit));
        }
    }

    public void TextItem(string? value, int limit)
    {
        Separate();
        String(Bound(value ?? "", limit));
    }

    /// <summary>An array of texts; left out where it is empty.</summary>
    public void Texts(ReadOnlySpan<byte> name, IReadOnlyList<string> values, int limit)
    {
        if (values.Count == 0)
        {
            return;
        }

        StartArray(name);
        for (var index = 0; index < CountWithinLimit(values); index++)
        {
            TextItem(values[index], limit);
        }

        EndArray();
    }

    public int CountWithinLimit(IReadOnlyList<string> values)
    {
        Truncated |= values.Count > OcsfLimits.Items;
        return Math.Min(values.Count, OcsfLimits.Items);
    }

    /// <summary>OCSF's ip_t: at most 40 characters; the zone, which means something on this host only, is left out.</summary>
    public void Address(ReadOnlySpan<byte> name, IPAddress address)
    {
        const int Longest = 40;
        Span<char> text = stackalloc char[64];
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        address.TryFormat(text, out var length);
        var zone = text[..length].IndexOf('%');
        length = zone < 0 ? length : zone;
        if (length > Longest)
        {
            // An ISATAP address (RFC 5214) is printed with a dotted tail, which can take 42.
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out _);
            for (var group = length = 0; group < bytes.Length; group += 2)
            {
                text[length] = ':';
                length += group > 0 ? 1 : 0;
                BinaryPrimitives.ReadUInt16BigEndian(bytes[group..]).TryFormat(text[length..], out var digits, "x");
                length += digits;
            }
        }

        Name(name);
        String(text[..length]);
    }

    /// <summary>Room for the event's value in the log's chain, which is known when the event is whole.</summary>
    public void ChainValue()
    {
        Literal("chain_sha256"u8, LogChain.Placeholder);
        ChainAt = output.Length - LogChain.Digits - 1;
    }

    private ReadOnlySpan<char> Bound(string value, int limit)
    {
        Truncated |= value.Length > limit;
        return OcsfLimits.Bound(value, limit);
    }

    private void Name(ReadOnlySpan<byte> name) => Name(name, 0);

    /// <returns>Room for so much of the value.</returns>
    private Span<byte> Name(ReadOnlySpan<byte> name, int room)
    {
        var start = _needsComma ? 1 : 0;
        var span = output.Take(start + name.Length + 3 + room);
        span[0] = (byte)',';
        span[start] = (byte)'"';
        name.CopyTo(span[(start + 1)..]);
        var end = start + name.Length + 1;
        span[end] = (byte)'"';
        span[end + 1] = (byte)':';
        _needsComma = true;
        return span[(end + 2)..];
    }

    private void Separate()
    {
        if (_needsComma)
        {
            output.Append((byte)',');
        }

        _needsComma = true;
    }

    private void Open(byte bracket)
    {
        output.Append(bracket);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        output.Append(bracket);
        _needsComma = true;
    }

    private static void Quote(ReadOnlySpan<byte> value, Span<byte> target)
    {
        target[0] = target[^1] = (byte)'"';
        value.CopyTo(target[1..]);
    }

    private void String(ReadOnlySpan<char> value)
    {
        if (!value.ContainsAnyExcept(Plain))
        {
            var target = output.Take(value.Length + 2);
            target[0] = target[^1] = (byte)'"';
            Ascii.FromUtf16(value, target[1..], out _);
            return;
        }

        output.Append((byte)'"');
        Escape(value);
        output.Append((byte)'"');
    }

    private void Escape(ReadOnlySpan<char> value)
    {
        Span<char> escaped = stackalloc char[512];
        while (!value.IsEmpty)
        {
            // Ends with DestinationTooSmall while there is more; an invalid surrogate comes out as U+FFFD, escaped.
            JavaScriptEncoder.Default.Encode(value, escaped, out var consumed, out var written);
            Ascii.FromUtf16(escaped[..written], output.GetSpan(written), out var length);
            output.Advance(length);
            value = value[consumed..];
        }
    }
}
