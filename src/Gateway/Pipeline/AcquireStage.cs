using Gateway.Core.Credentials;

namespace Gateway.Pipeline;

/// <summary>Makes sure that a lease exists for this agent, tool and credential, without taking its secret in hand.</summary>
internal sealed class AcquireStage(LeaseStore leases) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Agent is not { } agent || call.Tool is not { } tool || call is not { MayProceed: true, Decision: { } decision })
        {
            return default;
        }

        var name = decision.Credential ?? tool.Credential;
        if (!call.Snapshot.Credentials.TryGetValue(name, out var definition))
        {
            return new(Verdict.Refuse(
                Reason.CredentialUnavailable,
                "The credential for this call is not configured.",
                $"A policy names the credential '{name}', which is not configured."));
        }

        var key = new LeaseKey(agent.Id, "", tool.Name, name, decision.Scope ?? "");
        var pending = leases.AcquireAsync(key, definition, decision.Lifetime, taskExpiresAt: null, cancellationToken);
        return pending.IsCompletedSuccessfully ? new(Conclude(call, pending.GetAwaiter().GetResult())) : AwaitAsync(call, pending);
    }

    private static async ValueTask<Verdict> AwaitAsync(Call call, ValueTask<LeaseResult> pending) => Conclude(call, await pending);

    private static Verdict Conclude(Call call, LeaseResult result)
    {
        if (result.Reference is { } lease)
        {
            call.Lease = lease;
            return Verdict.Continue;
        }

        return Verdict.Refuse(
            Reason.CredentialUnavailable,
            "The credential for this tool cannot be obtained at the moment; the gateway tries again by itself.",
            result.Message,
            result.RetryAfter);
    }
}
