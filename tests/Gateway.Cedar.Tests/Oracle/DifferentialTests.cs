using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Cedar.Tests.Oracle;

/// <summary>Our engine against the reference engine on generated input. The seed and the number of cases are printed.</summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int BatchSize = 500;

    private static readonly int Seed = Number("GATEWAY_CEDAR_SEED", 20_261_121);

    /// <summary>20,000 over the four tests.</summary>
    private static readonly int Scale = Number("GATEWAY_CEDAR_CASES", 20_000);

    private static readonly CedarSchema Schema = CedarSchema.Parse(World.Schema).GetValueOrThrow();

    [Fact]
    public Task Authorize_GeneratedRequests_AgreeWithReference() => CompareAsync(Scale * 8 / 20, random =>
    {
        var policies = new PolicyGenerator(random).Policies();
        var requests = new RequestGenerator(random);
        var (principal, action, resource) = (requests.Principal(), requests.Action(), requests.Resource());
        var (context, entities) = (requests.Context(), requests.Entities());
        var links = TemplateLinks.Generate(random, requests);
        var question = $$"""{"principal":{{principal}},"action":{{action}},"resource":{{resource}},"context":{{context}},"policies":{"staticPolicies":{{Quote(policies)}}{{links.Json}} },"entities":{{entities}}}""";
        return new("authorize", question, answer => DescribeReference(answer), () =>
        {
            var set = PolicySet.Parse(policies + links.Template);
            if (!set.Succeeded)
            {
                return "failure";
            }

            var result = links.Apply(set.Value).Authorize(
                new(Uid(principal), Uid(action), Uid(resource), CedarJson.ParseRecord(context).GetValueOrThrow()),
                CedarJson.ParseEntities(entities).GetValueOrThrow());
            return Describe(result.IsAllowed ? "allow" : "deny", result.Reasons.Select(p => p.Id), result.Errors.Select(e => e.Policy.Id));
        }, policies + links.Template);
    });

    [Fact]
    public Task Validate_GeneratedPolicies_AgreeWithReference() => CompareAsync(Scale * 6 / 20, random =>
    {
        var policies = new PolicyGenerator(random).Policies();
        var links = TemplateLinks.Generate(random, new(random));
        var question = $$"""{"schema":{{Quote(World.Schema)}},"policies":{"staticPolicies":{{Quote(policies)}}{{links.Json}} } }""";
        return new(
            "validate",
            question,
            answer => answer.GetProperty("type").GetString() == "failure" ? "failure" : $"valid: {answer.GetProperty("validationErrors").GetArrayLength() == 0}",
            () =>
            {
                var set = PolicySet.Parse(policies + links.Template);
                return set.Succeeded ? $"valid: {Schema.Validate(links.Apply(set.Value)).All(finding => finding.IsWarning)}" : "failure";
            },
            policies + links.Template);
    });

    [Fact]
    public Task Parse_MutatedText_IsAcceptedOrRejectedLikeByReference() => CompareAsync(Scale * 4 / 20, random =>
    {
        var isSchema = random.Next(4) == 0;
        var text = new TextMutator(random).Mutate(isSchema ? World.Schema : new PolicyGenerator(random).Policies());
        return isSchema
            ? new("schema", Quote(text), TypeOf, () => CedarSchema.Parse(text).Succeeded ? "success" : "failure", text)
            : new("parse", Quote(text), TypeOf, () => PolicySet.Parse(text).Succeeded ? "success" : "failure", text);
    });

    [Fact]
    public Task ToJson_GeneratedPolicies_EqualsReferenceAndSurvivesBothWays() => CompareAsync(Scale * 2 / 20, random =>
    {
        var policy = new PolicyGenerator(random).Policy();
        return new(
            "toJson",
            Quote(policy),
            answer => answer.GetProperty("type").GetString() == "success" ? Normalize(answer.GetProperty("json").GetRawText()) : "failure",
            () =>
            {
                var set = PolicySet.Parse(policy);
                if (!set.Succeeded)
                {
                    return "failure";
                }

                var json = set.Value.Policies[0].ToJson();
                var again = PolicySet.ParseJson(set.Value.ToJson()).GetValueOrThrow();
                Assert.Equal(json, again.Policies[0].ToJson());
                var printed = PolicySet.Parse(set.Value.Policies[0].ToCedar()).GetValueOrThrow();
                Assert.Equal(json, printed.Policies[0].ToJson());
                var formatted = PolicyFormatter.Format(policy).GetValueOrThrow();
                Assert.Equal(json, PolicySet.Parse(formatted).GetValueOrThrow().Policies[0].ToJson());
                Assert.Equal(formatted, PolicyFormatter.Format(formatted).GetValueOrThrow());
                return Normalize(json);
            },
            policy);
    });

    private async Task CompareAsync(int count, Func<Random, Case> generate)
    {
        using var reference = ReferenceEngine.Start();
        var disagreements = new List<string>();
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var from = 0; from < count && disagreements.Count < 20; from += BatchSize)
        {
            var cases = Enumerable.Range(from, Math.Min(BatchSize, count - from)).Select(i => generate(new Random(HashCode(i)))).ToList();
            var answers = await reference.AskAsync([.. cases.Select(c => (c.Operation, c.Question))]);
            for (var i = 0; i < cases.Count; i++)
            {
                var expected = answers[i].GetProperty("type").GetString() == "crash" ? "crash" : cases[i].Read(answers[i]);
                var actual = cases[i].Answer();
                var outcome = Summarize(expected);
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
                if (expected != actual && expected != "crash")
                {
                    disagreements.Add($"case {from + i}: reference {expected}, ours {actual}\n{cases[i].Text}\n{cases[i].Question}");
                }
            }
        }

        output.WriteLine($"seed {Seed}, {count} cases, {disagreements.Count} disagreements; {string.Join(", ", outcomes.Select(o => $"{o.Key}: {o.Value}"))}");
        Assert.True(disagreements.Count == 0, string.Join("\n\n", disagreements));
        Assert.True(outcomes.GetValueOrDefault("crash") <= count / 100, "the reference engine crashed too often to compare");
    }

    private static string Summarize(string outcome) => outcome switch
    {
        _ when outcome.StartsWith('{') => "json",
        _ when outcome.Contains("errors [p", StringComparison.Ordinal) => outcome.Split(' ')[0] + " with errors",
        _ => outcome.Split('[')[0].TrimEnd(),
    };

    private static int HashCode(int index) => unchecked((Seed * 7_919) + index);

    private static string TypeOf(JsonElement answer) => answer.GetProperty("type").GetString()!;

    private static string DescribeReference(JsonElement answer)
    {
        if (answer.GetProperty("type").GetString() == "failure")
        {
            return "failure";
        }

        var response = answer.GetProperty("response");
        var diagnostics = response.GetProperty("diagnostics");
        return Describe(
            response.GetProperty("decision").GetString()!,
            diagnostics.GetProperty("reason").EnumerateArray().Select(e => e.GetString()!),
            diagnostics.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("policyId").GetString()!));
    }

    private static string Describe(string decision, IEnumerable<string> reasons, IEnumerable<string> errors) =>
        $"{decision} [{string.Join(",", reasons.Order(StringComparer.Ordinal))}] errors [{string.Join(",", errors.Order(StringComparer.Ordinal))}]";

    // Property order and the spelling of escapes are no part of the format, and the reference's answer
    // came through JavaScript, which rounds large integers.
    private static string Normalize(string json) => Sort(JsonNode.Parse(json)!).ToJsonString();

    private static JsonNode Sort(JsonNode node) => node switch
    {
        JsonObject item => new JsonObject(item.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : Sort(p.Value)))),
        JsonArray array => new JsonArray([.. array.Select(item => item is null ? null : Sort(item))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
        _ => node.DeepClone(),
    };

    private static EntityUid Uid(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.GetProperty("type").GetString()!, document.RootElement.GetProperty("id").GetString()!);
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    private sealed record Case(string Operation, string Question, Func<JsonElement, string> Read, Func<string> Answer, string Text);
}
