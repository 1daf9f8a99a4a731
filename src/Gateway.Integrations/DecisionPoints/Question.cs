using System.Buffers;
using System.Text.Json;

namespace Gateway.Integrations.DecisionPoints;

/// <summary>Writes what a decision point is asked, in a buffer that a thread keeps.</summary>
internal static class Question
{
    private const int UsualSize = 4 * 1024;
    private const int MaximumKept = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <returns>
    /// An array of its own. A connection may read it for longer than its request is waited for, and in a buffer used again it
    /// would then send one agent's question with another's words in it.
    /// </returns>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var (buffer, json) = Take();
        write(json);
        json.Flush();
        var question = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= MaximumKept)
        {
            (_buffer, _json) = (buffer, json);
        }

        return question;
    }

    /// <summary>Taken away from the thread, so that a write which throws leaves nothing half-written for the next.</summary>
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Take()
    {
        var (buffer, json) = (_buffer, _json);
        (_buffer, _json) = (null, null);
        if (buffer is null || json is null)
        {
            buffer = new ArrayBufferWriter<byte>(UsualSize);
            return (buffer, new Utf8JsonWriter(buffer));
        }

        buffer.ResetWrittenCount();
        json.Reset();
        return (buffer, json);
    }
}
