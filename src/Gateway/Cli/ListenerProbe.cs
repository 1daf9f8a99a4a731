using System.Net;
using System.Net.Sockets;
using Gateway.Configuration;
using Gateway.Integrations.Linux;

namespace Gateway.Cli;

/// <summary>Finds out before the start whether every listener can listen, so that the message names its key.</summary>
internal static class ListenerProbe
{
    /// <returns>What is wrong with those that cannot.</returns>
    public static IEnumerable<ConfigurationError> FindProblems(ListenersOptions listeners) =>
        from listener in listeners.Agents.Index()
            .Select(agents => (Key: $"Gateway:Listeners:Agents:{agents.Index}:Url", agents.Item.Url))
            .Append((Key: "Gateway:Listeners:Admin:Url", listeners.Admin.Url))
        let problem = Probe(listener.Url)
        where problem is not null
        select new ConfigurationError(listener.Key, problem);

    private static string? Probe(string url)
    {
        if (!ListenerAddress.TryParse(url, out var address, out var problem))
        {
            return problem;
        }

        if (address.SocketPath is { } path)
        {
            return UnixListenSocket.FindProblem(path) is { } taken ? $"{url} {taken}" : null;
        }

        try
        {
            using var listener = new TcpListener(address.Ip ?? (address.IsLocalhost ? IPAddress.Loopback : IPAddress.Any), address.Port);
            listener.Start();
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"{url} is in use by another process: stop that one, or write another port.",
                SocketError.AddressNotAvailable => $"{url} has an address that this machine does not have: write one of its own, 127.0.0.1, or * for all.",
                SocketError.AccessDenied => $"{url} needs a privilege that this user lacks: write a port from 1024 on, or grant CAP_NET_BIND_SERVICE.",
                _ => $"{url} cannot be listened on ({exception.SocketErrorCode}).",
            };
        }
    }
}
