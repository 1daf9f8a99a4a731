using System.Diagnostics.Metrics;
using Gateway.Core.Audit;
using Gateway.Core.Credentials;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Telemetry;

/// <summary>What the gateway holds and how those fare on whom it depends; looked at only when somebody asks.</summary>
internal sealed class StateMetrics(
    IMeterFactory meters, JwtAuthenticator authenticator, LeaseStore leases, RevocationBook book, JsonlCallJournal journal, DependencyStates dependencies)
{
    /// <summary>Makes the instruments; call once.</summary>
    public void Publish()
    {
        var meter = meters.Create(Tracing.Name);
        meter.CreateObservableUpDownCounter("gateway.identity.cache.size", () => authenticator.CachedTokens, "{token}", "Verified tokens that are remembered.");
        meter.CreateObservableUpDownCounter("gateway.leases", () => leases.LiveCount, "{lease}", "Leases that live.");
        meter.CreateObservableUpDownCounter("gateway.revocations", () => Revocations(book), "{revocation}", "Revocations that are not done, by whether an operator is needed.");
        meter.CreateObservableUpDownCounter("gateway.journal.pending", () => journal.Status.Pending, "{record}", "Records that wait to be written to the call log.");
        meter.CreateObservableGauge("gateway.journal.lag", () => journal.Lag.TotalSeconds, "s", "How long the oldest record has waited to be written to the call log; 0 where none waits.");
        meter.CreateObservableCounter("gateway.journal.records", () => journal.Status.Sequence, "{record}", "Records in the call log, from its beginning.");
        meter.CreateObservableGauge("gateway.dependency.health", dependencies.Measure, "1", "1 where a dependency is well, 0.5 where it is degraded, 0 where it is down.");
    }

    private static IEnumerable<Measurement<int>> Revocations(RevocationBook book)
    {
        var owed = book.Owed();
        var stuck = owed.Count(debt => debt.IsStuck);
        yield return new Measurement<int>(owed.Count - stuck, new KeyValuePair<string, object?>("gateway.revocation.state", "owed"));
        yield return new Measurement<int>(stuck, new KeyValuePair<string, object?>("gateway.revocation.state", "stuck"));
    }
}
