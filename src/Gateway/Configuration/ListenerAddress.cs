using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gateway.Integrations.Linux;

namespace Gateway.Configuration;

/// <summary>The URL of a listener, taken apart.</summary>
/// <param name="Https">Whether it is TLS.</param>
/// <param name="Ip">The address; null for <see cref="IsLocalhost"/> and for every address ("*").</param>
/// <param name="IsLocalhost">Both loopback addresses.</param>
/// <param name="Port">The port; 0 means any free one.</param>
/// <param name="SocketPath">The file of a Unix socket; null for all others.</param>
internal sealed partial record ListenerAddress(bool Https, IPAddress? Ip, bool IsLocalhost, int Port, string? SocketPath = null)
{
    /// <summary>What the URL of a Unix socket begins with.</summary>
    public const string UnixScheme = "unix:";

    /// <summary>Whether only this host can reach it.</summary>
    public bool IsLoopback => SocketPath is not null || IsLocalhost || (Ip is not null && IPAddress.IsLoopback(Ip));

    /// <param name="url">The URL as configured.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">What to write instead; does not repeat the URL.</param>
    public static bool TryParse(string url, [NotNullWhen(true)] out ListenerAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        if (url.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = url[UnixScheme.Length..];
            problem = !path.StartsWith('/') || path.EndsWith('/') ? "must have the path of a file behind \"unix:\": write for example \"unix:/run/gateway/agents.sock\"."
                : UnixListenSocket.IsShortEnough(path) ? null
                : "has a path that is too long for a Unix socket: write one of at most 107 bytes, in a directory of at most 94.";
            address = problem is null ? new(false, null, false, 0, path) : null;
            return problem is null;
        }

        var match = Shape().Match(url);
        if (!match.Success)
        {
            problem = "must be http:// or https:// with an IP address, localhost or * and a port, and nothing behind it, or a Unix socket: write for example \"http://127.0.0.1:8080\" or \"unix:/run/gateway/agents.sock\".";
            return false;
        }

        var https = match.Groups["scheme"].ValueSpan.Equals("https", StringComparison.OrdinalIgnoreCase);
        var port = match.Groups["port"] is { Success: true } digits ? int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : https ? 443 : 80;
        var host = match.Groups["host"].Value;
        var localhost = host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        IPAddress? ip = null;
        problem =
            port > IPEndPoint.MaxPort ? $"must have a port between 0 and {IPEndPoint.MaxPort}."
            : localhost && port == 0 ? "must name an IP address such as 127.0.0.1 where the port is 0: localhost is two addresses, which would get different ports."
            // A name would make the server listen on every address, whatever it resolves to.
            : !localhost && host != "*" && !AddressText.TryParse(host.Trim('[', ']'), out ip) ? "must name an IP address, localhost or * (every address) as its host."
            : null;
        if (problem is not null)
        {
            return false;
        }

        address = new(https, ip, localhost, port);
        return true;
    }

    /// <summary>Whether the two cannot both be listened on.</summary>
    public bool ClashesWith(ListenerAddress other) => SocketPath is not null || other.SocketPath is not null
        ? SocketPath == other.SocketPath
        : Port != 0 && Port == other.Port && (Covers(other) || other.Covers(this));

    private bool Covers(ListenerAddress other) =>
        IsEvery || Equals(Ip, other.Ip) && IsLocalhost == other.IsLocalhost || (IsLocalhost && other.IsLoopback) ||
        (Equals(Ip, IPAddress.Any) && (other.IsLocalhost || other.Ip?.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork));

    /// <summary>"*" and "[::]", which takes IPv4 too.</summary>
    private bool IsEvery => Equals(Ip, IPAddress.IPv6Any) || (Ip is null && !IsLocalhost);

    [GeneratedRegex(@"\A(?<scheme>https?)://(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+|\*)(:(?<port>\d{1,5}))?/?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
