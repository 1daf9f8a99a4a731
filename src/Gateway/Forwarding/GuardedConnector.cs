using System.Net;
using System.Net.Sockets;

namespace Gateway.Forwarding;

/// <summary>Opens connections to a tool's destinations, only to addresses that the tool may be reached at.</summary>
/// <remarks>Checks the very address that it connects to, so that a second DNS answer cannot differ from the one checked.</remarks>
internal sealed class GuardedConnector(AddressRules rules)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await ResolveAsync(host, cancellationToken);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                last = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        // Written out in configuration, so exactly this address is meant, public or not.
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        var resolved = await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? resolved.Where(IPAddress.IsLoopback).ToArray()
            : resolved.Where(rules.Allows).ToArray();
        return allowed.Length == 0 && resolved.Length > 0
            ? throw new DestinationForbiddenException($"'{host}' resolves to no address that the tool may be reached at; list internal addresses under AllowAddresses.")
            : allowed;
    }
}
