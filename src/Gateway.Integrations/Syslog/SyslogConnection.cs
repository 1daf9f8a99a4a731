using System.Net.Security;
using System.Net.Sockets;

namespace Gateway.Integrations.Syslog;

/// <summary>One TLS connection to a syslog receiver, which only ever listens.</summary>
internal sealed class SyslogConnection : IAsyncDisposable
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    private readonly TcpClient _client;
    private readonly SslStream _stream;

    // A receiver sends nothing: whatever comes, an end or bytes, ends the connection.
    private readonly Task _end;
    private readonly TimeProvider _clock;
    private bool _isBroken;

    private SyslogConnection(TcpClient client, SslStream stream, TimeProvider clock)
    {
        _clock = clock;
        _client = client;
        _stream = stream;
        _end = stream.ReadAsync(new byte[1], CancellationToken.None).AsTask();
    }

    public bool IsOpen => !_end.IsCompleted;

    /// <exception cref="System.Security.Authentication.AuthenticationException">The receiver's certificate was not accepted.</exception>
    /// <exception cref="IOException">A file of the settings cannot be read, or the receiver breaks off.</exception>
    /// <exception cref="SocketException">There is no connection to be had.</exception>
    public static async Task<SyslogConnection> OpenAsync(SyslogSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var options = settings.Tls.CreateOptions();
        options.TargetHost = settings.Host;
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(settings.Host, settings.Port, cancellationToken);
            client.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
            return new SyslogConnection(client, stream, clock);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The connection broke; it is not known what has arrived.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
    {
        _isBroken = true;
        await _stream.WriteAsync(frames, cancellationToken);
        _isBroken = false;
    }

    /// <summary>Says farewell where somebody still listens (RFC 5425, section 4.4).</summary>
    /// <remarks>Not behind half a frame, nor for longer than a moment: a receiver that reads nothing more would never take it.</remarks>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsOpen && !_isBroken)
            {
                await _stream.ShutdownAsync().WaitAsync(FarewellTime, _clock);
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or TimeoutException)
        {
            // Nobody does.
        }

        await _stream.DisposeAsync();
        _client.Dispose();
        _ = _end.ContinueWith(static end => end.Exception, TaskScheduler.Default);
    }
}
