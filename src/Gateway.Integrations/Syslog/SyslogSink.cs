using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;
using Gateway.Integrations.Receivers;

namespace Gateway.Integrations.Syslog;

/// <summary>Sends records over syslog with TLS (RFC 5424, RFC 5425), which acknowledges nothing.</summary>
/// <remarks>
/// What was written to a connection may be lost with it (RFC 5425 inherits that from TCP). So a record counts as arrived only
/// once the connection has outlived it by <see cref="SyslogSettings.ResendWindow"/>; what is younger when the connection breaks, or
/// the gateway ends, is sent again: the receiver may have it twice, and can tell by its sequence.
/// </remarks>
internal sealed class SyslogSink(SyslogSettings settings, TimeProvider clock) : IAuditSink, IAsyncDisposable
{
    private readonly SyslogMessage _message = new(settings);
    private readonly LineBuffer _frames = new(64 * 1024);
    private readonly Queue<(long Sequence, long SentAt)> _onTheWay = new();
    private SyslogConnection? _connection;
    private long _arrived;

    public async ValueTask<DeliveryResult> DeliverAsync(DeliveryBatch batch, CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: false } && await CloseAsync() > 0)
        {
            return DeliveryResult.Failed("The receiver closed the connection.");
        }

        using var timeLimit = new CancellationTokenSource(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            if (batch.Count > 0)
            {
                _connection ??= await SyslogConnection.OpenAsync(settings, clock, either.Token);
                await _connection.SendAsync(Frames(batch), either.Token);
                _onTheWay.Enqueue((batch.LastSequence, clock.GetTimestamp()));
            }

            return DeliveryResult.Sent(Arrived());
        }
        catch (Exception failure) when (Describe(failure, cancellationToken) is { } problem)
        {
            await CloseAsync();
            return DeliveryResult.Failed(problem);
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>In our words; null of what is no failure of the connection.</summary>
    private static string? Describe(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        ReceiverFileException => failure.Message,
        AuthenticationException { InnerException: ReceiverFileException file } => file.Message,
        AuthenticationException => "The receiver's TLS certificate was not accepted, or TLS failed.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "The receiver's host name could not be resolved.",
        SocketException => "The receiver cannot be reached.",
        IOException => "The connection to the receiver broke.",
        OperationCanceledException when !cancellationToken.IsCancellationRequested => "The receiver did not take the records in time.",
        _ => null,
    };

    private ReadOnlyMemory<byte> Frames(DeliveryBatch batch)
    {
        _frames.CutTo(0);
        for (var index = 0; index < batch.Count; index++)
        {
            _message.Write(batch[index], _frames);
        }

        return _frames.Written.ToArray();
    }

    private long Arrived()
    {
        while (_onTheWay.TryPeek(out var sent) && clock.GetElapsedTime(sent.SentAt) >= settings.ResendWindow)
        {
            _arrived = _onTheWay.Dequeue().Sequence;
        }

        return _arrived;
    }

    /// <returns>How many batches are in doubt with it.</returns>
    private async ValueTask<int> CloseAsync()
    {
        var lost = _onTheWay.Count;
        _onTheWay.Clear();
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }

        return lost;
    }
}
