using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>Checks policies against the schema of a configuration, and judges what the findings mean for a gateway.</summary>
/// <remarks>
/// A policy that fails to evaluate is skipped. For a permit that denies, so an attribute that may be absent is a warning; for
/// a forbid it would let through what was to be forbidden, so there it is an error.
/// </remarks>
internal sealed class PolicyChecker(PolicyVocabulary vocabulary, PolicySchema schema)
{
    private readonly ScopeReach _reach = new(vocabulary);
    private readonly string[] _tools = [.. vocabulary.Tools.Select(tool => tool.Name)];
    private readonly HashSet<string> _toolGroups = vocabulary.Tools.SelectMany(tool => tool.Groups).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _agentGroups = vocabulary.Agents.Values.SelectMany(agent => agent.Groups).ToHashSet(StringComparer.Ordinal);

    public IReadOnlyList<PolicyFinding> Check(PolicySet policies)
    {
        var byId = policies.Policies.ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        return
        [
            .. schema.Schema.Validate(policies)
                .Select(finding => Judge(finding, byId.GetValueOrDefault(finding.PolicyId ?? "")))
                .OfType<Diagnostic>()
                .Concat(policies.Policies.SelectMany(CheckReferences))
                .OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Column)
                .Select(PolicyFinding.From),
        ];
    }

    /// <returns>Null where configuration rules out what the schema allows.</returns>
    private Diagnostic? Judge(Diagnostic finding, Cedar.Policy? policy) => finding.Kind switch
    {
        DiagnosticKind.NeverApplies => finding.With("the policy can never apply to a call", isWarning: policy is { Effect: Effect.Permit }),
        DiagnosticKind.MayBeAbsent when policy is not null && _reach.IsCertain(policy, finding.AttributeOwner, finding.Attribute) => null,
        DiagnosticKind.MayBeAbsent or DiagnosticKind.NeverPresent when policy is null or { Effect: Effect.Forbid } =>
            finding.With(finding.Message + Danger(finding.Kind), isWarning: false),
        DiagnosticKind.MayBeAbsent => finding.With($"{finding.Message}; where it is absent, the policy does not permit", isWarning: true),
        DiagnosticKind.NeverPresent => finding,
        _ => finding.With(finding.Message + ClaimHint(finding), isWarning: false),
    };

    private static string Danger(DiagnosticKind kind) => kind == DiagnosticKind.MayBeAbsent
        ? "; where it is absent, the policy would be skipped and forbid nothing"
        : "; what depends on it is never forbidden";

    /// <summary>A type that nobody wrote down may be the mistake.</summary>
    private string ClaimHint(Diagnostic finding)
    {
        var claim = schema.ClaimTypes.Keys.FirstOrDefault(name =>
            !vocabulary.ClaimTypes.ContainsKey(name) && finding.SourceLine.Contains($".claims.{name}", StringComparison.Ordinal));
        return claim is null || finding.Attribute is not null
            ? ""
            : $" (the claim `{claim}` is taken for {schema.ClaimTypes[claim].Trim()}; if it is something else, write its type in Gateway:Identity:ClaimTypes)";
    }

    /// <summary>What the schema cannot say: it knows types of entities, not which there are.</summary>
    private IEnumerable<Diagnostic> CheckReferences(Cedar.Policy policy)
    {
        foreach (var reference in policy.References)
        {
            var id = CedarText.Quote(reference.Uid.Id);
            switch (reference.Uid.Type)
            {
                case "Tool" when !_tools.Contains(reference.Uid.Id, StringComparer.Ordinal):
                    yield return reference.Report($"there is no tool {id}", _tools, isWarning: false);
                    break;
                case "ToolGroup" when !_toolGroups.Contains(reference.Uid.Id):
                    yield return reference.Report($"no tool is in the group {id}", _toolGroups, isWarning: true);
                    break;
                case "AgentGroup" when !_agentGroups.Contains(reference.Uid.Id):
                    yield return reference.Report($"no configured agent is in the group {id}", _agentGroups, isWarning: true);
                    break;
            }
        }
    }
}
