namespace Gateway.Integrations.Otlp;

/// <summary>Finds a field in a message of protocol buffers' wire format; of one that is malformed, what comes before the fault.</summary>
internal static class ProtobufReader
{
    public static bool TryFindMessage(ReadOnlySpan<byte> message, int field, out ReadOnlySpan<byte> content) => TryFind(ref message, field, wireType: 2, out _, out content);

    public static bool TryFindVarint(ReadOnlySpan<byte> message, int field, out ulong value) => TryFind(ref message, field, wireType: 0, out value, out _);

    /// <summary>The next one of a field that repeats.</summary>
    /// <param name="message">Afterwards what comes behind it.</param>
    /// <param name="field">Its number.</param>
    /// <param name="content">What it holds.</param>
    public static bool TryTakeMessage(scoped ref ReadOnlySpan<byte> message, int field, out ReadOnlySpan<byte> content) => TryFind(ref message, field, wireType: 2, out _, out content);

    private static bool TryFind(scoped ref ReadOnlySpan<byte> message, int field, int wireType, out ulong value, out ReadOnlySpan<byte> content)
    {
        content = default;
        value = 0;
        while (TryReadVarint(ref message, out var tag))
        {
            var type = (int)(tag & 7);
            if (!TryReadValue(ref message, type, out value, out content))
            {
                return false;
            }

            if (tag >> 3 == (ulong)field && type == wireType)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadValue(scoped ref ReadOnlySpan<byte> message, int type, out ulong value, out ReadOnlySpan<byte> content)
    {
        content = default;
        value = 0;
        ulong length;
        switch (type)
        {
            case 0:
                return TryReadVarint(ref message, out value);
            case 1:
                length = sizeof(ulong);
                break;
            case 5:
                length = sizeof(uint);
                break;
            case 2 when TryReadVarint(ref message, out length):
                break;
            default:
                return false;
        }

        if (length > (ulong)message.Length)
        {
            return false;
        }

        content = message[..(int)length];
        message = message[(int)length..];
        return true;
    }

    private static bool TryReadVarint(scoped ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var index = 0; index < Math.Min(message.Length, 10); index++)
        {
            value |= (ulong)(message[index] & 0x7F) << (7 * index);
            if (message[index] < 0x80)
            {
                message = message[(index + 1)..];
                return true;
            }
        }

        return false;
    }
}
