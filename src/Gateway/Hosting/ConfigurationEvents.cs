using Gateway.Configuration;
using Gateway.Core.Audit;

namespace Gateway.Hosting;

/// <summary>Puts into the call log which policies and which configuration are in force from when on, as OCSF class 3004.</summary>
/// <remarks>Names of sections, hashes and counts alone: what the configuration and the policies say, and what is wrong with them, is for the operator.</remarks>
internal sealed class ConfigurationEvents(ICallJournal journal, TimeProvider clock)
{
    private const string Section = "Gateway";
    private const string ConfigurationType = "Configuration";
    private const int Informational = 1;
    private const int Low = 2;
    private const int Medium = 3;

    /// <summary>What the gateway starts with.</summary>
    public void Started(StartupPlan plan) =>
        journal.Record(OfPolicies(EntityActivity.Enable, null, PolicyState(plan), Informational, "the policies in force since the start"));

    /// <summary>A reload that is in force; nothing is recorded of one that changed nothing.</summary>
    public void Replaced(StartupPlan former, StartupPlan plan)
    {
        var (before, after) = (PolicyState(former), PolicyState(plan));
        if (before.Version != after.Version || !before.Data.SequenceEqual(after.Data))
        {
            journal.Record(OfPolicies(EntityActivity.Update, before, after, Medium, "other policies are in force"));
        }

        if (ChangedSections(former.Options, plan.Options) is { Count: > 0 } changed)
        {
            journal.Record(OfConfiguration(changed, Medium, "a changed configuration is in force"));
        }
    }

    /// <summary>A reload that is not in force.</summary>
    public void Rejected(IReadOnlyList<ConfigurationError> errors) =>
        journal.Record(OfConfiguration(SectionsOf(errors), Low, "a changed configuration was rejected; the former one stays in force", "rejected"));

    /// <summary>A reload that failed although nothing was wrong with it.</summary>
    public void Failed() => journal.Record(OfConfiguration([], Medium, "a changed configuration could not be put into force", "failed"));

    private EntityEvent OfPolicies(EntityActivity activity, EntityState? before, EntityState state, int severity, string message)
    {
        var now = clock.GetUtcNow();
        return new EntityEvent
        {
            Id = NewId(now),
            At = now,
            Activity = activity,
            TypeId = EntityEvent.PolicyTypeId,
            Type = EntityEvent.PolicyType,
            Entity = "policies",
            Before = before,
            Version = state.Version,
            Data = state.Data,
            Severity = severity,
            Message = message,
        };
    }

    private EntityEvent OfConfiguration(IReadOnlyList<string> sections, int severity, string message, string? problem = null)
    {
        var now = clock.GetUtcNow();
        return new EntityEvent
        {
            Id = NewId(now),
            At = now,
            Activity = EntityActivity.Update,
            Type = ConfigurationType,
            Entity = "configuration",
            Data = sections.Count == 0 ? [] : [KeyValuePair.Create<string, object>("sections", sections)],
            Succeeded = problem is null,
            Severity = severity,
            StatusDetail = problem,
            Message = message,
        };
    }

    /// <summary>Policies that are elsewhere have neither a version nor a count here.</summary>
    private static EntityState PolicyState(StartupPlan plan)
    {
        var policy = plan.Options.Policy;
        var isEmbedded = policy.Engine == PolicyEngineKind.Cedar;
        return new EntityState(
            isEmbedded ? plan.Policies.Version : null,
            [
                KeyValuePair.Create<string, object>("engine", policy.Engine.ToString().ToLowerInvariant()),
                KeyValuePair.Create<string, object>("mode", policy.Mode.ToString().ToLowerInvariant()),
                .. isEmbedded ? [KeyValuePair.Create<string, object>("count", (long)plan.Policies.Count)] : (KeyValuePair<string, object>[])[],
            ]);
    }

    private static IReadOnlyList<string> ChangedSections(GatewayOptions former, GatewayOptions options) =>
        [.. from section in OptionProperties.Of(typeof(GatewayOptions))
            where Print(section.GetValue(former)) != Print(section.GetValue(options))
            select section.Name];

    /// <summary>Credentials each by itself: serialised as what the table holds, they are nothing but what all of them have.</summary>
    private static string Print(object? section) => section is IReadOnlyDictionary<string, CredentialOptions> credentials
        ? Fingerprint.Of([.. credentials.OrderBy(c => c.Key, StringComparer.Ordinal).SelectMany(c => new object[] { c.Key, c.Value.GetType().Name, c.Value })])
        : Fingerprint.Of(section);

    /// <summary>Known ones alone: a key that is unknown may be anything that somebody pasted.</summary>
    private static IReadOnlyList<string> SectionsOf(IReadOnlyList<ConfigurationError> errors) =>
        [.. from section in OptionProperties.Of(typeof(GatewayOptions))
            where errors.Any(error => error.Key.Split(':') is [Section, var name, ..] && string.Equals(name, section.Name, StringComparison.OrdinalIgnoreCase))
            select section.Name];

    private static string NewId(DateTimeOffset at) => Guid.CreateVersion7(at).ToString();
}
