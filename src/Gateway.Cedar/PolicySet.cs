using System.Collections.Immutable;
using Gateway.Cedar.Evaluation;
using Gateway.Cedar.Json;

namespace Gateway.Cedar;

/// <summary>Policies, compiled and indexed by what their scopes ask for. Unchanging and safe to use from any number of threads.</summary>
public sealed class PolicySet
{
    private readonly ScopeIndex _index;

    private PolicySet(ImmutableArray<Policy> policies, ImmutableArray<PolicyTemplate> templates)
    {
        Policies = policies;
        Templates = templates;
        _index = ScopeIndex.Build(policies);
    }

    /// <summary>No policies: everything is denied.</summary>
    public static PolicySet Empty { get; } = new([], []);

    /// <summary>The policies, in the order of their sources, linked ones last.</summary>
    public ImmutableArray<Policy> Policies { get; }

    /// <summary>The templates, in the order of their sources.</summary>
    public ImmutableArray<PolicyTemplate> Templates { get; }

    /// <summary>Reads one file of policies.</summary>
    public static CedarResult<PolicySet> Parse(string text, string fileName = "policies.cedar", PolicyIds ids = PolicyIds.Ordinal) =>
        Parse([new PolicySource(fileName, text)], ids);

    /// <summary>Reads several files into one set; all mistakes of all files are reported.</summary>
    public static CedarResult<PolicySet> Parse(IEnumerable<PolicySource> sources, PolicyIds ids = PolicyIds.Ordinal)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var builder = new PolicySetBuilder(ids);
        foreach (var source in sources)
        {
            builder.AddText(source);
        }

        return builder.Build();
    }

    /// <summary>Reads a set in Cedar's JSON format: <c>{"staticPolicies": {}, "templates": {}, "templateLinks": []}</c>.</summary>
    public static CedarResult<PolicySet> ParseJson(string json, string fileName = "policies.json") =>
        JsonDocuments.Read(json, fileName, root => PolicyReader.ReadSet(root, new(fileName, "")), JsonDocuments.ChainDepth);

    /// <summary>The set in Cedar's JSON format.</summary>
    public string ToJson() => PolicyWriter.Write(this);

    /// <summary>A set with more policies, made from its templates.</summary>
    /// <exception cref="ArgumentException">A link names no template of this set, an id that is taken, or does not fill exactly the template's slots.</exception>
    public PolicySet WithLinks(IEnumerable<TemplateLink> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        var builder = new PolicySetBuilder(PolicyIds.Ordinal);
        builder.AddAll(this);
        foreach (var link in links)
        {
            if (builder.TryLink(link) is { } mistake)
            {
                throw new ArgumentException(mistake, nameof(links));
            }
        }

        return builder.ToSet();
    }

    /// <summary>Decides a request: denied unless a policy permits it and none forbids it.</summary>
    /// <param name="request">The question.</param>
    /// <param name="entities">Where to find entities. An entity that is not found has no attributes and is in nothing.</param>
    public AuthorizationResult Authorize(in CedarRequest request, IEntitySource entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var verdicts = new VerdictCollector();
        var frame = new EvaluationFrame(request, entities);
        _index.Evaluate(frame, ref verdicts);
        return verdicts.Decide();
    }

    /// <summary>Tells of every policy how it met a request: which part of its scope or which condition did not fit. For people; deciding is much cheaper.</summary>
    public IReadOnlyList<PolicyExplanation> Explain(in CedarRequest request, IEntitySource entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var frame = new EvaluationFrame(request, entities);
        var explanations = new List<PolicyExplanation>(Policies.Length);
        foreach (var policy in Policies)
        {
            explanations.Add(Explainer.Explain(policy, frame));
        }

        return explanations;
    }

    /// <summary>A set that permits every request that this one could permit under some context or other.</summary>
    /// <remarks>
    /// All clauses of a policy must hold, and all terms of a clause that is a chain of <c>&amp;&amp;</c>. So a permit loses those that
    /// read <c>context</c>, and a forbid with such a clause does not count. Ids and annotations stay.
    /// </remarks>
    public PolicySet ForAnyContext()
    {
        var builder = new PolicySetBuilder(PolicyIds.Ordinal);
        foreach (var policy in Policies)
        {
            if (policy.Effect == Effect.Permit)
            {
                builder.Add(policy.Id, policy.Syntax with { Conditions = ContextPruning.WithoutContext(policy.Syntax.Conditions) });
            }
            else if (!policy.Syntax.Conditions.Any(static clause => ContextPruning.ReadsContext(clause.Body)))
            {
                builder.Add(policy.Id, policy.Syntax);
            }
        }

        return builder.ToSet();
    }

    internal static PolicySet Create(ImmutableArray<Policy> policies, ImmutableArray<PolicyTemplate> templates) => new(policies, templates);
}
