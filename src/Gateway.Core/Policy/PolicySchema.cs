using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>The Cedar schema of one configuration.</summary>
internal sealed class PolicySchema
{
    private PolicySchema(string text, CedarSchema schema, IReadOnlyDictionary<string, string> claimTypes)
    {
        Text = text;
        Schema = schema;
        ClaimTypes = claimTypes;
    }

    /// <summary>In the human format; this is what was parsed.</summary>
    public string Text { get; }

    public CedarSchema Schema { get; }

    /// <summary>The Cedar type of each claim, by name.</summary>
    public IReadOnlyDictionary<string, string> ClaimTypes { get; }

    /// <param name="vocabulary">What there is.</param>
    /// <param name="policies">What is to be validated: a claim of unknown type gets the one under which they are valid.</param>
    public static PolicySchema Create(PolicyVocabulary vocabulary, PolicySet policies)
    {
        var claims = vocabulary.Claims.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var types = claims.ToDictionary(claim => claim, claim => Policy.ClaimTypes.Find(vocabulary, claim) ?? Policy.ClaimTypes.Candidates[0], StringComparer.Ordinal);
        var schema = Create(vocabulary, types);
        foreach (var claim in claims.Where(claim => Policy.ClaimTypes.Find(vocabulary, claim) is null))
        {
            schema = Infer(claim, vocabulary, schema, policies);
        }

        return schema;
    }

    private static PolicySchema Create(PolicyVocabulary vocabulary, IReadOnlyDictionary<string, string> claimTypes)
    {
        var text = PolicySchemaText.Create(vocabulary, claimTypes);
        var result = CedarSchema.Parse(text);
        return result.Succeeded
            ? new PolicySchema(text, result.Value, claimTypes)
            : throw new InvalidOperationException($"The generated schema is wrong: {result.Diagnostics[0]}");
    }

    /// <summary>Tries the types that the claim may have on the policies that use it; the first with the fewest mistakes is taken.</summary>
    private static PolicySchema Infer(string claim, PolicyVocabulary vocabulary, PolicySchema schema, PolicySet policies)
    {
        var users = policies.Policies
            .Select(policy => new PolicySource(policy.Id, policy.ToCedar()))
            .Where(source => source.Text.Contains(claim, StringComparison.Ordinal) || source.Text.Contains(CedarText.Quote(claim), StringComparison.Ordinal))
            .ToArray();
        if (users.Length == 0 || PolicySet.Parse(users).Value is not { } subset)
        {
            return schema;
        }

        var (best, fewest) = (schema, CountMistakes(schema, subset));
        foreach (var type in Policy.ClaimTypes.Candidates.Skip(1).TakeWhile(_ => fewest > 0))
        {
            var candidate = Create(vocabulary, new Dictionary<string, string>(schema.ClaimTypes, StringComparer.Ordinal) { [claim] = type });
            var mistakes = CountMistakes(candidate, subset);
            (best, fewest) = mistakes < fewest ? (candidate, mistakes) : (best, fewest);
        }

        return best;
    }

    private static int CountMistakes(PolicySchema schema, PolicySet policies) =>
        schema.Schema.Validate(policies).Count(finding => finding.Kind == DiagnosticKind.Mistake);
}
