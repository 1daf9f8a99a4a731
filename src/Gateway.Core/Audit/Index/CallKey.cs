using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Core.Audit.Index;

/// <summary>The numbers by which an index finds values of any length.</summary>
/// <remarks>
/// Two values could have one number, though nobody can aim at it. The index in a file looks at the event too, which it reads
/// in any case; the one on a server leaves it at the number.
/// </remarks>
internal static class CallKey
{
    public const char Agent = 'a';
    public const char Tool = 't';
    public const char Reason = 'r';
    public const char Task = 'k';

    /// <summary>Of a hash that cannot be aimed at: an agent must not be able to name itself into another's results.</summary>
    public static long Of(char field, string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes($"{field}{value}".AsSpan()), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>The first half of a UUIDv7, so that calls of one time are near each other; null for what is no call's id.</summary>
    public static long? OfCall(string call)
    {
        Span<byte> bytes = stackalloc byte[16];
        return Guid.TryParseExact(call, "D", out var id) && id.TryWriteBytes(bytes, bigEndian: true, out _) ? BinaryPrimitives.ReadInt64BigEndian(bytes) : null;
    }
}
