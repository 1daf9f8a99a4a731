using Gateway.Core.Identity;
using Gateway.Identity;

namespace Gateway.Pipeline;

/// <summary>Finds out who calls. The first identity that is present decides; no other rescues it.</summary>
/// <param name="sources">In the order in which they count.</param>
/// <param name="certificates">What speaks against whoever was found, if a certificate does.</param>
internal sealed class IdentifyStage(IReadOnlyList<IIdentitySource> sources, CertificateIdentity certificates) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken) => FromAsync(0, call, cancellationToken);

    private ValueTask<Verdict> FromAsync(int first, Call call, CancellationToken cancellationToken)
    {
        for (var i = first; i < sources.Count; i++)
        {
            var pending = sources[i].IdentifyAsync(call, cancellationToken);
            if (!pending.IsCompletedSuccessfully)
            {
                return AwaitAsync(pending, i, call, cancellationToken);
            }

            var result = pending.GetAwaiter().GetResult();
            if (result.IsPresent)
            {
                return new(Conclude(call, result));
            }
        }

        return new(Conclude(call, IdentityResult.Fail(IdentityFailure.Missing)));
    }

    private async ValueTask<Verdict> AwaitAsync(ValueTask<IdentityResult> pending, int index, Call call, CancellationToken cancellationToken)
    {
        var result = await pending;
        return result.IsPresent ? Conclude(call, result) : await FromAsync(index + 1, call, cancellationToken);
    }

    private Verdict Conclude(Call call, IdentityResult result)
    {
        if (result.Succeeded && certificates.Disagrees(call, result.Agent))
        {
            result = IdentityResult.Fail(IdentityFailure.CertificateDisagrees, result.Issuer, result.ClaimedAgent);
        }

        if (result.Succeeded && call.Snapshot.Agents.Check(result.Agent.Id, call.StartedAt) is { } failure)
        {
            result = IdentityResult.Fail(failure, result.Issuer, result.ClaimedAgent);
        }

        if (!result.Succeeded)
        {
            call.FailedIdentity = result;
            return PossessionRefusals.Find(result.Failure, call.Snapshot.Dpop.Algorithms) is { } refusal
                ? Verdict.Refuse(refusal)
                : IdentityRefusals.Of(result);
        }

        call.Agent = result.Agent;
        return Verdict.Continue;
    }
}
