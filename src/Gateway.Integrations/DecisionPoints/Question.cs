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
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(UsualSize);
        var json = _json ??= new Utf8JsonWriter(buffer);

        // Before, not after: the last write may have thrown in the midst.
        buffer.ResetWrittenCount();
        json.Reset();
        write(json);
        json.Flush();
        var question = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > MaximumKept)
        {
            (_buffer, _json) = (null, null);
        }

        return question;
    }
}
