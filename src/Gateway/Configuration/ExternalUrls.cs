using System.Globalization;
using System.Net;
using Gateway.Core.Identity.Dpop;

namespace Gateway.Configuration;

/// <summary>How agents may call a listener: as configured, else what its address says.</summary>
internal static class ExternalUrls
{
    /// <returns>Empty where the address does not tell: every address, a socket, a port that is chosen at the start.</returns>
    public static IReadOnlyList<ExternalUrl> Of(ListenerOptions listener) =>
        [.. (listener.ExternalUrls.Count > 0 ? listener.ExternalUrls : Derive(listener.Url)).Select(url => new ExternalUrl(new Uri(url)))];

    /// <summary>Whether a proof that names its request can be compared with anything.</summary>
    public static bool AreKnown(ListenerOptions listener) => listener.ExternalUrls.Count > 0 || Derive(listener.Url).Any();

    private static IEnumerable<string> Derive(string url) =>
        ListenerAddress.TryParse(url, out var address, out _) && address.Port != 0
            ? Hosts(address).Select(host => string.Create(CultureInfo.InvariantCulture, $"{(address.Https ? "https" : "http")}://{host}:{address.Port}"))
            : [];

    private static IEnumerable<string> Hosts(ListenerAddress address)
    {
        if (address.IsLocalhost)
        {
            return ["localhost", "127.0.0.1", "[::1]"];
        }

        if (address.Ip is not { } ip || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
        {
            return [];
        }

        var host = ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString();

        // Clients that are given "localhost" put it into their proofs, and arrive here all the same.
        return address.IsLoopback ? [host, "localhost"] : [host];
    }
}
