using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Integrations.Opa;

namespace Gateway.Integrations.Tests.Opa;

public sealed class OpaAnswerReaderProperties
{
    private static readonly string[] Names = ["result", "allow", "policies", "advice", "credential", "scope", "lifetime", "decision_id", "provenance", "bundles", "revision"];

    [Fact]
    public void Read_AnyObject_AllowsOnlyWhatSaysSoAndNeverThrows()
    {
        var reader = new OpaAnswerReader("p");
        var allowed = 0;

        Prop.ForAll(Gen.Constant("result").SelectMany(name => Node(4).Select(value => new JsonObject { [name] = value })).ToArbitrary(), answer =>
        {
            var decision = reader.Read(JsonSerializer.SerializeToElement(answer));
            var says = answer["result"] is JsonObject result ? result["allow"] : answer["result"];
            if (decision?.Permitted == true)
            {
                allowed++;
                Assert.Equal(JsonValueKind.True, says?.GetValueKind());
            }
        }).QuickCheckThrowOnFailure();

        Assert.True(allowed > 0, "No case was a permit.");
    }

    private static Gen<JsonNode?> Node(int depth)
    {
        var leaves = Gen.OneOf(
            Gen.Elements(true, false).Select(v => (JsonNode?)JsonValue.Create(v)),
            Gen.Choose(-1, 100_000).Select(v => (JsonNode?)JsonValue.Create(v)),
            Gen.Elements("", "5m", "read write", "a\nb", "\u202e").Select(v => (JsonNode?)JsonValue.Create(v)),
            Gen.Constant((JsonNode?)null));
        return depth == 0 ? leaves : Gen.OneOf(
            leaves,
            Node(depth - 1).ListOf().Select(items => (JsonNode?)new JsonArray([.. items.Take(3).Select(i => i?.DeepClone())])),
            Gen.Zip(Gen.Elements(Names), Node(depth - 1)).ListOf().Select(pairs => (JsonNode?)new JsonObject(
                pairs.Take(5).DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, p.Item2?.DeepClone())))));
    }
}
