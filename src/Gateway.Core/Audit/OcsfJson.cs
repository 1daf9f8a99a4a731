using System.Buffers;
using System.Net;
using System.Text.Json;

namespace Gateway.Core.Audit;

/// <summary>A JSON writer that bounds every text and leaves out what is not known.</summary>
internal sealed class OcsfJson : IDisposable
{
    // The default encoder escapes everything outside ASCII and replaces invalid surrogates; the shape is fixed by code,
    // so that validating it at run time would only cost.
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Whether a value of the current event was cut.</summary>
    public bool Truncated { get; private set; }

    public void Begin(IBufferWriter<byte> output)
    {
        Truncated = false;
        _json.Reset(output);
        _json.WriteStartObject();
    }

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
    }

    public void StartObject(ReadOnlySpan<byte> name) => _json.WriteStartObject(name);

    public void StartObject() => _json.WriteStartObject();

    public void EndObject() => _json.WriteEndObject();

    public void StartArray(ReadOnlySpan<byte> name) => _json.WriteStartArray(name);

    public void EndArray() => _json.WriteEndArray();

    public void Literal(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => _json.WriteString(name, value);

    public void LiteralItem(ReadOnlySpan<byte> value) => _json.WriteStringValue(value);

    public void Flag(ReadOnlySpan<byte> name, bool value) => _json.WriteBoolean(name, value);

    public void Number(ReadOnlySpan<byte> name, long value) => _json.WriteNumber(name, value);

    public void Number(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }

    /// <summary>Milliseconds with microseconds after the point.</summary>
    public void Milliseconds(ReadOnlySpan<byte> name, TimeSpan value) =>
        _json.WriteNumber(name, new decimal(value.Ticks / TimeSpan.TicksPerMicrosecond) / 1000m);

    /// <summary>OCSF's timestamp_t: milliseconds since 1970.</summary>
    public void Time(ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            _json.WriteNumber(name, time.ToUnixTimeMilliseconds());
        }
    }

    public void Text(ReadOnlySpan<byte> name, string? value, int limit)
    {
        if (value is not null)
        {
            _json.WriteString(name, Bound(value, limit));
        }
    }

    public void TextItem(string? value, int limit) => _json.WriteStringValue(Bound(value ?? "", limit));

    /// <summary>An array of texts; left out where it is empty.</summary>
    public void Texts(ReadOnlySpan<byte> name, IReadOnlyList<string> values, int limit)
    {
        if (values.Count == 0)
        {
            return;
        }

        _json.WriteStartArray(name);
        for (var index = 0; index < CountWithinLimit(values); index++)
        {
            TextItem(values[index], limit);
        }

        _json.WriteEndArray();
    }

    public int CountWithinLimit(IReadOnlyList<string> values)
    {
        Truncated |= values.Count > OcsfLimits.Items;
        return Math.Min(values.Count, OcsfLimits.Items);
    }

    /// <summary>OCSF's ip_t, which takes at most 40 characters and knows no zone.</summary>
    public void Address(ReadOnlySpan<byte> name, IPAddress address)
    {
        Span<char> text = stackalloc char[64];
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (address.TryFormat(text, out var length))
        {
            var zone = text[..length].IndexOf('%');
            text = text[..(zone < 0 ? length : zone)];
        }

        _json.WriteString(name, text);
    }

    public void Dispose() => _json.Dispose();

    private ReadOnlySpan<char> Bound(string value, int limit)
    {
        if (value.Length <= limit)
        {
            return value;
        }

        Truncated = true;

        // Half a surrogate pair at the cut would turn into a replacement character that the agent never sent.
        return value.AsSpan(0, char.IsHighSurrogate(value[limit - 1]) ? limit - 1 : limit);
    }
}
