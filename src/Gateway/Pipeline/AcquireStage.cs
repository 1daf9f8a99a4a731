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

        var task = call.Scope?.Task?.Definition;
        if (!TryNarrow(decision.Scope, definition.Scope, task?.Scopes, out var scope))
        {
            return new(Verdict.Refuse(
                Reason.PolicyDenied,
                "The task was not started for the scope that this call needs.",
                $"The call needs the scope '{decision.Scope ?? definition.Scope}', of which the task may have nothing; where it is empty, the credential's Scope has to say what its issuer gives."));
        }

        var key = new LeaseKey(agent.Id, task?.Id ?? "", tool.Name, name, scope) { Environment = call.Snapshot.Agents.Find(agent.Id)?.Environment ?? "" };
        var pending = leases.AcquireAsync(key, definition, decision.Lifetime, task?.ExpiresAt, cancellationToken);
        return pending.IsCompletedSuccessfully ? new(Conclude(call, pending.GetAwaiter().GetResult())) : AwaitAsync(call, pending);
    }

    /// <summary>What policy asks for, else what the credential has of its own, as far as the task may have it: a task only takes away.</summary>
    /// <param name="wanted">Scopes with spaces between them; null means the credential's own.</param>
    /// <param name="own">The credential's own; null where it knows no scopes.</param>
    /// <param name="allowed">The task's; null means all.</param>
    /// <param name="scope">Empty means the credential's own.</param>
    private static bool TryNarrow(string? wanted, string? own, IReadOnlyList<string>? allowed, out string scope)
    {
        scope = wanted ?? "";
        if (allowed is null || (wanted ?? own) is not { } held)
        {
            return true;
        }

        scope = string.Join(' ', held.Split(' ', StringSplitOptions.RemoveEmptyEntries).Intersect(allowed, StringComparer.Ordinal));
        return scope.Length > 0;
    }

    private static async ValueTask<Verdict> AwaitAsync(Call call, ValueTask<LeaseResult> pending) => Conclude(call, await pending);

    private static Verdict Conclude(Call call, LeaseResult result)
    {
        if (result.Reference is { } lease)
        {
            call.Lease = lease;
            call.Scope?.Task?.HoldLease();
            return Verdict.Continue;
        }

        if (call.Scope?.Over is { } over)
        {
            return Verdict.Refuse(over);
        }

        if (result.TaskHasEnded && call.Scope?.Task is { } task)
        {
            return Verdict.Refuse(TaskRefusals.Ended(task));
        }

        return Verdict.Refuse(
            Reason.CredentialUnavailable,
            "The credential for this tool cannot be obtained at the moment; the gateway tries again by itself.",
            result.Message,
            result.RetryAfter);
    }
}
