using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Cedar;

/// <summary>The value of <c>ipaddr</c>: an address with a prefix length.</summary>
internal sealed class IPRange(UInt128 address, int prefix, bool isV6) : IEquatable<IPRange>
{
    // The parsers of .NET skip trailing NUL characters, so what they get is checked first.
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public bool IsV6 { get; } = isV6;

    private int Width => IsV6 ? 128 : 32;

    public bool IsLoopback => IsV6
        ? address == 1 && prefix == 128
        : (address >> 24) == 127 && prefix >= 8;

    public bool IsMulticast => IsV6
        ? (address >> 120) == 0xff && prefix >= 8
        : (address >> 28) == 0xe && prefix >= 4;

    private UInt128 HostMask => (UInt128.One << (Width - prefix)) - 1;

    private UInt128 First => Width == prefix ? address : address & ~HostMask;

    private UInt128 Last => Width == prefix ? address : address | (Width - prefix == 128 ? UInt128.MaxValue : HostMask);

    public static IPRange From(IPAddress value)
    {
        var plain = value.IsIPv4MappedToIPv6 ? value.MapToIPv4() : value;
        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out _);
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes), 128, isV6: true)
            : new(BinaryPrimitives.ReadUInt32BigEndian(bytes), 32, isV6: false);
    }

    public bool IsInRange(IPRange other) => IsV6 == other.IsV6 && other.First <= First && Last <= other.Last;

    /// <summary>Reads an address or a CIDR range the way the reference does: no leading zeros, no zone, no IPv4 inside IPv6.</summary>
    public static IPRange? Parse(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        var addressText = slash < 0 ? text : text[..slash];
        var isV6 = addressText.Contains(':');
        UInt128 value;
        if (isV6 ? !TryParseV6(addressText, out value) : !TryParseV4(addressText, out value))
        {
            return null;
        }

        var width = isV6 ? 128 : 32;
        if (slash < 0)
        {
            return new(value, width, isV6);
        }

        return TryParseNumber(text[(slash + 1)..], width, out var prefix) ? new(value, prefix, isV6) : null;
    }

    public bool Equals(IPRange? other) =>
        other is not null && address == other.Address && prefix == other.Prefix && IsV6 == other.IsV6;

    public override bool Equals(object? obj) => Equals(obj as IPRange);

    public override int GetHashCode() => HashCode.Combine(address, prefix, IsV6);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        if (!IsV6)
        {
            return Suffixed(new IPAddress(bytes[12..]).ToString());
        }

        // Not IPAddress.ToString: it may write the last four bytes as IPv4, which Cedar does not read.
        var groups = new string[8];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]).ToString("x", CultureInfo.InvariantCulture);
        }

        return Suffixed(string.Join(':', groups));
    }

    private UInt128 Address => address;

    private int Prefix => prefix;

    private string Suffixed(string text) => prefix == Width ? text : $"{text}/{prefix}";

    private static bool TryParseV4(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = 0;
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            if (++count > 4 || !TryParseNumber(text[range], 255, out var part))
            {
                return false;
            }

            value = (value << 8) | (uint)part;
        }

        return count == 4;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = 0;
        var gap = text.IndexOf("::");
        if (gap < 0)
        {
            return TryParseGroups(text, out value, out var all) && all == 8;
        }

        if (!TryParseGroups(text[..gap], out var high, out var highCount)
            || !TryParseGroups(text[(gap + 2)..], out var low, out var lowCount)
            || highCount + lowCount > 7)
        {
            return false;
        }

        value = (highCount == 0 ? 0 : high << (16 * (8 - highCount))) | low;
        return true;
    }

    private static bool TryParseGroups(ReadOnlySpan<char> text, out UInt128 value, out int count)
    {
        value = 0;
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            if (++count > 8 || group.Length is 0 or > 4 || group.ContainsAnyExcept(HexDigits)
                || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var part))
            {
                return false;
            }

            value = (value << 16) | part;
        }

        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, int maximum, out int value)
    {
        value = 0;
        return text.Length is > 0 and <= 3
            && (text.Length == 1 || text[0] != '0')
            && text.IndexOfAnyExceptInRange('0', '9') < 0
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value <= maximum;
    }
}
