using System.Net;
using System.Net.Sockets;
using Gateway.Configuration;
using Gateway.Integrations.Linux;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Hosting;

/// <summary>Makes the sockets that Kestrel listens on: Unix sockets with their permissions from the first moment, others as ever.</summary>
internal sealed class UnixListeners : IDisposable
{
    private readonly Dictionary<string, ListenerOptions> _options = new(StringComparer.Ordinal);
    private readonly List<UnixListenSocket> _bound = [];

    public UnixListeners(IEnumerable<ListenerOptions> listeners)
    {
        foreach (var listener in listeners)
        {
            if (ListenerAddress.TryParse(listener.Url, out var address, out _) && address.SocketPath is { } path)
            {
                _options.Add(path, listener);
            }
        }
    }

    public Socket Bind(EndPoint endPoint)
    {
        if (endPoint is not UnixDomainSocketEndPoint || endPoint.ToString() is not { } path || !_options.TryGetValue(path, out var options))
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        }

        if (!SocketMode.TryParse(options.Mode ?? SocketMode.Default, out var mode))
        {
            throw new InvalidOperationException("A listener's Mode was not checked.");
        }

        uint? group = options.Group is null ? null : AccountNames.FindGroup(options.Group) ?? throw new StartupException("Gateway:Listeners", $"{path} cannot be given to its group, which is not there any more.");
        try
        {
            var socket = UnixListenSocket.Bind(path, mode, group);
            _bound.Add(socket);
            return socket.Socket;
        }
        catch (IOException problem)
        {
            throw new StartupException("Gateway:Listeners", problem.Message, problem);
        }
    }

    /// <summary>With the container, that is after the server has stopped.</summary>
    public void Dispose()
    {
        foreach (var socket in _bound)
        {
            socket.Dispose();
        }
    }
}
