using Gateway.Core.Identity;
using Gateway.Pipeline;

namespace Gateway.Identity;

/// <summary>One way to find out who makes a call: a token, a client certificate, the kernel's word about a socket's peer.</summary>
internal interface IIdentitySource
{
    /// <returns>
    /// <see cref="IdentityFailure.Missing"/> where the request holds nothing of this kind, and only then: anything else decides,
    /// and no later source is asked.
    /// </returns>
    ValueTask<IdentityResult> IdentifyAsync(Call call, CancellationToken cancellationToken);
}
