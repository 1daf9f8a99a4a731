using Gateway.Core.Identity;
using Gateway.Pipeline;

namespace Gateway.Identity;

/// <summary>Identifies by the kernel's word about the process at the other end of a Unix socket.</summary>
internal sealed class PeerIdentity : IIdentitySource
{
    public ValueTask<IdentityResult> IdentifyAsync(Call call, CancellationToken cancellationToken)
    {
        // Where no process is configured to be an agent, a socket is but a way to send tokens.
        var rules = call.Snapshot.Peers;
        return !rules.IsEmpty && call.Http.Features.Get<PeerFeature>() is { } peer
            ? peer.IdentifyAsync(rules, cancellationToken)
            : new(IdentityResult.Fail(IdentityFailure.Missing));
    }
}
