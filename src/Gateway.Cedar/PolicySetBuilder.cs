using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>Gathers policies from sources, gives them ids and finds ids that clash.</summary>
internal sealed class PolicySetBuilder(PolicyIds ids)
{
    private readonly ImmutableArray<Policy>.Builder _policies = ImmutableArray.CreateBuilder<Policy>();
    private readonly Dictionary<string, PolicyTemplate> _templates = new(StringComparer.Ordinal);
    private readonly List<PolicyTemplate> _templateOrder = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> _diagnostics = [];
    private int _ordinal;

    public void AddText(PolicySource source)
    {
        var text = new SourceText(source.Name, source.Text);
        var found = new DiagnosticList(text);
        foreach (var syntax in PolicyParser.Parse(text, found))
        {
            var ordinal = $"policy{_ordinal++}";
            var id = ids == PolicyIds.Annotation
                ? syntax.Annotations.FirstOrDefault(static a => a is { Name: "id", Value.Length: > 0 })?.Value ?? ordinal
                : ordinal;
            if (!_taken.Add(id))
            {
                found.Add(syntax.Span with { Length = 1 }, $"the policy id `{id}` is already taken");
            }

            // What has mistakes cannot be compiled, and the set will not be built anyway.
            if (found.Count == 0)
            {
                Add(id, syntax);
            }
        }

        _diagnostics.AddRange(found.InOrder());
    }

    public void Add(string id, PolicySyntax syntax)
    {
        _taken.Add(id);
        if (syntax.IsTemplate)
        {
            AddTemplate(new(id, syntax));
        }
        else
        {
            _policies.Add(new(id, syntax, _policies.Count));
        }
    }

    public void AddAll(PolicySet set)
    {
        foreach (var policy in set.Policies)
        {
            _taken.Add(policy.Id);
            _policies.Add(policy);
        }

        foreach (var template in set.Templates)
        {
            _taken.Add(template.Id);
            AddTemplate(template);
        }
    }

    /// <summary>Links a template; what stands in the way is returned.</summary>
    public string? TryLink(TemplateLink link)
    {
        if (!_templates.TryGetValue(link.TemplateId, out var template))
        {
            return $"There is no template `{link.TemplateId}`{Suggestion.For(link.TemplateId, _templates.Keys)}";
        }

        if (_taken.Contains(link.PolicyId))
        {
            return $"The policy id `{link.PolicyId}` is already taken.";
        }

        if (template.HasPrincipalSlot != link.Principal is not null || template.HasResourceSlot != link.Resource is not null)
        {
            return $"The link `{link.PolicyId}` must fill exactly the slots of the template `{link.TemplateId}`.";
        }

        _taken.Add(link.PolicyId);
        var filled = template.Syntax with
        {
            Principal = template.Syntax.Principal.Fill(link.Principal),
            Resource = template.Syntax.Resource.Fill(link.Resource),
        };
        _policies.Add(new(link.PolicyId, filled, _policies.Count, template.Id));
        return null;
    }

    public bool IsTaken(string id) => _taken.Contains(id);

    public void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);

    public PolicySet ToSet() => PolicySet.Create(_policies.ToImmutable(), [.. _templateOrder]);

    public CedarResult<PolicySet> Build() => new(_diagnostics.Count == 0 ? ToSet() : null, _diagnostics);

    private void AddTemplate(PolicyTemplate template)
    {
        _templates.Add(template.Id, template);
        _templateOrder.Add(template);
    }
}
