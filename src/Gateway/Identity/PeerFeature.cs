using Gateway.Core.Identity;
using Gateway.Core.Identity.Peers;
using Gateway.Integrations.Linux;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Identity;

/// <summary>Who opened a connection over a Unix socket, asked of the kernel once.</summary>
internal sealed class PeerFeature(UnixPeer peer)
{
    // Whichever of the connection's requests comes first; all of them would find the same.
    private Known? _known;

    /// <summary>Runs a connection with its peer known.</summary>
    public static async Task RunAsync(ConnectionDelegate next, ConnectionContext connection, PeerReader reader)
    {
        var peer = connection.Features.Get<IConnectionSocketFeature>() is { } socket ? reader.Read(socket.Socket) : null;
        using var executable = peer?.Executable as IDisposable;
        if (peer is not null)
        {
            connection.Features.Set(new PeerFeature(peer));
        }

        await next(connection);
    }

    public ValueTask<IdentityResult> IdentifyAsync(PeerRules rules, CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref _known);
        return known is not null && ReferenceEquals(known.Rules, rules) ? new(known.Result) : DecideAsync(rules, cancellationToken);
    }

    private async ValueTask<IdentityResult> DecideAsync(PeerRules rules, CancellationToken cancellationToken)
    {
        var result = await rules.IdentifyAsync(peer, cancellationToken);
        Volatile.Write(ref _known, new Known(rules, result));
        return result;
    }

    private sealed record Known(PeerRules Rules, IdentityResult Result);
}
