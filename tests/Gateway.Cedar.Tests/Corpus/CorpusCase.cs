using System.Text.Json;
using Gateway.Cedar.Json;

namespace Gateway.Cedar.Tests.Corpus;

/// <summary>One published test: policies, schema, entities and requests with their expected answers.</summary>
internal sealed record CorpusCase(string Name, string Test, string Policies, string Schema, string Entities)
{
    public bool ShouldValidate
    {
        get
        {
            using var test = JsonDocument.Parse(Test);
            return test.RootElement.GetProperty("shouldValidate").GetBoolean();
        }
    }

    /// <summary>Answers every request; returns the number of requests and adds each disagreement.</summary>
    public int Check(ICollection<string> disagreements)
    {
        var policies = PolicySet.Parse(Policies, Name + ".cedar").GetValueOrThrow();
        var schema = CedarSchema.Parse(Schema, Name + ".cedarschema").GetValueOrThrow();
        var entities = CedarJson.ParseEntities(Entities, Name + ".entities.json", schema).GetValueOrThrow();
        using var test = JsonDocument.Parse(Test);
        var count = 0;
        foreach (var request in test.RootElement.GetProperty("requests").EnumerateArray())
        {
            count++;
            var action = ValueReader.ReadUid(request.GetProperty("action"), "action");
            var context = request.GetProperty("context").GetRawText();
            var isChecked = (!request.TryGetProperty("validateRequest", out var validate) || validate.GetBoolean()) && schema.Actions.ContainsKey(action);
            var question = new CedarRequest(
                ValueReader.ReadUid(request.GetProperty("principal"), "principal"),
                action,
                ValueReader.ReadUid(request.GetProperty("resource"), "resource"),
                (isChecked ? CedarJson.ParseContext(context, schema, action) : CedarJson.ParseRecord(context)).GetValueOrThrow());
            var answer = policies.Authorize(question, entities);
            var actual = Describe(
                answer.IsAllowed ? "allow" : "deny", answer.Reasons.Select(p => p.Id), answer.Errors.Select(e => e.Policy.Id));
            var expected = Describe(
                request.GetProperty("decision").GetString()!,
                request.GetProperty("reason").EnumerateArray().Select(e => e.GetString()!),
                request.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!));
            if (actual != expected)
            {
                disagreements.Add($"{Name} {request.GetProperty("description")}: expected {expected}, got {actual}");
            }
        }

        return count;
    }

    private static string Describe(string decision, IEnumerable<string> reasons, IEnumerable<string> errors) =>
        $"{decision} [{string.Join(",", reasons.Order(StringComparer.Ordinal))}] errors [{string.Join(",", errors.Order(StringComparer.Ordinal))}]";
}
