using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Integrations.Tests.Syslog;

/// <summary>A real syslog receiver over TLS (RFC 5425), which keeps the messages of each connection.</summary>
internal sealed class SyslogReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2 _certificate;
    private readonly List<(Socket Socket, List<string> Messages)> _connections = [];
    private readonly Task _accepting;

    /// <param name="certificate">The server's.</param>
    /// <param name="port">One that a receiver had before, or 0.</param>
    public SyslogReceiver(X509Certificate2 certificate, int port = 0)
    {
        _certificate = certificate;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether what comes is read; else it stays in the sockets' buffers, and is lost with the connection.</summary>
    public bool IsReading { get; set; } = true;

    /// <summary>The client's certificate of the last connection; null where it showed none.</summary>
    public string? ClientSubject { get; private set; }

    /// <summary>How the last connection ended: with close_notify, or without.</summary>
    public bool? EndedProperly { get; private set; }

    /// <summary>The messages of each connection, in the order of their coming.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Connections
    {
        get
        {
            lock (_connections)
            {
                return [.. _connections.Select(connection => (IReadOnlyList<string>)[.. connection.Messages])];
            }
        }
    }

    public IReadOnlyList<string> Messages => [.. Connections.SelectMany(messages => messages)];

    /// <summary>Breaks all connections, with whatever has not been read from them.</summary>
    public void Cut()
    {
        lock (_connections)
        {
            foreach (var (socket, _) in _connections)
            {
                socket.Close(timeout: 0);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // Stopped, while it waited or between two waits.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var messages = new List<string>();
        lock (_connections)
        {
            _connections.Add((client.Client, messages));
        }

        try
        {
            using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => Note(certificate));
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, ClientCertificateRequired = true });
            while (await ReadFrameAsync(stream) is { } message)
            {
                lock (_connections)
                {
                    messages.Add(message);
                }

                while (!IsReading)
                {
                    await Task.Delay(10);
                }
            }

            EndedProperly = true;
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException or ObjectDisposedException or SocketException)
        {
            EndedProperly = false;
        }
    }

    /// <summary>Keeps who the client says it is; the test is about its saying so.</summary>
    private bool Note(X509Certificate? certificate)
    {
        ClientSubject = certificate?.Subject;
        return true;
    }

    /// <summary>RFC 5425, section 4.3: MSG-LEN SP SYSLOG-MSG, where MSG-LEN has no leading zero.</summary>
    private static async Task<string?> ReadFrameAsync(Stream stream)
    {
        var one = new byte[1];
        var length = 0;
        for (var digits = 0; ; digits++)
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return digits == 0 ? null : throw new IOException("The stream ended within a frame.");
            }

            if (one[0] == ' ' && digits > 0)
            {
                break;
            }

            if (!char.IsAsciiDigit((char)one[0]) || (digits == 0 && one[0] == '0'))
            {
                throw new InvalidDataException("No length of a frame.");
            }

            length = (10 * length) + (one[0] - '0');
        }

        var message = new byte[length];
        await stream.ReadExactlyAsync(message);
        return Encoding.ASCII.GetString(message);
    }
}
