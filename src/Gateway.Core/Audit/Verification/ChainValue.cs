using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gateway.Core.Audit.Verification;

/// <summary>A record's place in the hash chain: a SHA-256, in the log 64 lower-case hexadecimal digits.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChainValue(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public const int Bytes = 32;
    public const int Digits = 64;

    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);

    public static ChainValue From(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash),
        BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));

    /// <summary>False for capital letters too: a value has one spelling, so that no byte of the log can change unnoticed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, out ChainValue value)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        if (digits.Length != Digits || digits.ContainsAnyExcept(LowerHex) || Convert.FromHexString(digits, hash, out _, out _) != OperationStatus.Done)
        {
            value = default;
            return false;
        }

        value = From(hash);
        return true;
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, First);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], Third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], Fourth);
    }
}
