using System.Diagnostics.Metrics;
using Gateway.Core.Audit;
using Gateway.Core.Identity;
using Gateway.Hosting;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Spiffe;
using Gateway.Integrations.Sqlite;
using Gateway.Integrations.Vault;

namespace Gateway.Telemetry;

/// <summary>How those fare on whom the gateway depends, as readiness says it, as numbers. Names are the configuration's.</summary>
internal sealed class DependencyStates(
    IssuerCatalog issuers, TrustDomainCatalog domains, PolicyEngineCatalog engines, VaultCatalog vault, StateDatabase state, JsonlCallJournal journal)
{
    private const double Well = 1;
    private const double Degraded = 0.5;
    private const double Down = 0;

    public IEnumerable<Measurement<double>> Measure()
    {
        foreach (var issuer in issuers.Status)
        {
            yield return Of("issuer", issuer.Name, Number(issuer.State));
        }

        foreach (var domain in domains.Status)
        {
            yield return Of("trust_domain", domain.Name, Number(domain.State));
        }

        if (engines.DecisionPoint is { } point)
        {
            yield return Of("decision_point", "policy", point.Problem is null ? Well : Down);
        }

        if (vault.Current is { } connection)
        {
            yield return Of("vault", "vault", connection.Problem is null ? Well : Down);
        }

        yield return Of("state", "state", state.Problem is null ? Well : Down);
        yield return Of("journal", "audit", !journal.IsAvailable ? Down : journal.Status.UnsignedSince is null ? Well : Degraded);
    }

    private static double Number(IssuerState state) => state switch
    {
        IssuerState.Ok => Well,
        IssuerState.Degraded => Degraded,
        _ => Down,
    };

    private static Measurement<double> Of(string kind, string name, double value) =>
        new(value, new KeyValuePair<string, object?>("gateway.dependency.kind", kind), new KeyValuePair<string, object?>("gateway.dependency.name", name));
}
