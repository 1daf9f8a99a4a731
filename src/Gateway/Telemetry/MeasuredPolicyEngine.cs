using Gateway.Core.Policy;

namespace Gateway.Telemetry;

/// <summary>A policy decision point whose answers are timed, where anybody listens.</summary>
/// <param name="engine">Asks it.</param>
/// <param name="name">"opa" or "authzen".</param>
/// <param name="metrics">Where to.</param>
/// <param name="clock">The time.</param>
internal sealed class MeasuredPolicyEngine(IPolicyEngine engine, string name, PolicyMetrics metrics, TimeProvider clock) : IPolicyEngine
{
    public ValueTask<Decision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
        metrics.Enabled ? MeasureAsync(request, cancellationToken) : engine.DecideAsync(request, cancellationToken);

    private async ValueTask<Decision> MeasureAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var decision = await engine.DecideAsync(request, cancellationToken);
        metrics.Decided(name, decision.Permitted ? "allow" : decision.Errors.Count > 0 ? "none" : "deny", clock.GetElapsedTime(started));
        return decision;
    }
}
