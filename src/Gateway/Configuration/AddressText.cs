using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Configuration;

/// <summary>IP addresses and CIDR blocks in the one spelling that everybody reads alike.</summary>
/// <remarks>IPAddress.Parse takes "10" for 0.0.0.10 and "010.0.0.1" for 8.0.0.1.</remarks>
internal static class AddressText
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);

    /// <summary>Whether the text is an address, or a block whose host bits are zero: others look like one address and are many.</summary>
    public static bool IsAddressOrBlock(string text)
    {
        var slash = text.IndexOf('/');
        return slash < 0
            ? TryParse(text, out _)
            : TryParse(text[..slash], out var address) && IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(address);
    }
}
