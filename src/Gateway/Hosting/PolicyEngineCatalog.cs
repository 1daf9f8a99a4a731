using Gateway.Configuration;
using Gateway.Core.Credentials;
using Gateway.Core.Policy;
using Gateway.Integrations.AuthZen;
using Gateway.Integrations.DecisionPoints;
using Gateway.Integrations.Opa;
using Gateway.Telemetry;

namespace Gateway.Hosting;

/// <summary>Makes the engine that a configuration asks for, and keeps a decision point that a reload does not touch, with what is known of its state.</summary>
internal sealed class PolicyEngineCatalog(DecisionPointClient client, ISecretSource secrets, PolicyMetrics metrics, TimeProvider clock, ILogger<DecisionPoint> logger)
{
    private volatile Entry? _current;

    /// <summary>The decision point in force; null where the gateway decides by itself.</summary>
    public DecisionPoint? DecisionPoint => _current?.Point;

    public IPolicyEngine Apply(StartupPlan plan)
    {
        var options = plan.Options.Policy;
        var entry = Settings(options) is { } settings
            ? _current is { } current && current.Settings == settings ? current : new Entry(settings, new DecisionPoint(settings, client, secrets, clock, logger))
            : null;
        _current = entry;
        if (entry is null)
        {
            return PolicyPlan.CreateEngine(plan);
        }

        var vocabulary = PolicyPlan.Vocabulary(plan.Options, plan.Policies.Set);
        var writer = new VocabularyWriter(vocabulary.Tools, vocabulary.Agents);
        return options is { Engine: PolicyEngineKind.Opa, Opa: { } opa }
            ? new MeasuredPolicyEngine(new OpaPolicyEngine(entry.Point, opa.Path, writer), "opa", metrics, clock)
            : new MeasuredPolicyEngine(new AuthZenPolicyEngine(entry.Point, writer), "authzen", metrics, clock);
    }

    private static DecisionPointSettings? Settings(PolicyOptions options) => options switch
    {
        { Engine: PolicyEngineKind.Cedar } => null,
        { Engine: PolicyEngineKind.Opa, Opa: { } opa } => new(OpaPolicyEngine.Endpoint(opa.Url, opa.Path), opa.Timeout, opa.Token),
        { Engine: PolicyEngineKind.AuthZen, AuthZen: { } authZen } => new(AuthZenPolicyEngine.Endpoint(authZen.Url), authZen.Timeout, authZen.Token),
        _ => throw new InvalidOperationException("The policy engine has no section, which validation refuses."),
    };

    private sealed record Entry(DecisionPointSettings Settings, DecisionPoint Point);
}
