using System.Text.Json.Nodes;

namespace Gateway.Core.Tests.Audit;

/// <summary>Proves the validator that the other tests lean on: it accepts the published examples and refuses spoilt ones.</summary>
public sealed class OcsfSchemaTests
{
    public OcsfSchemaTests() => OcsfSchemas.SkipWhereMissing();

    [Fact]
    public void Validate_PublishedExamples_AreValid()
    {
        var files = Directory.GetFiles(Path.Combine(OcsfSchemas.Directory!, "examples"), "*.json");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(OcsfSchemas.Validate(File.ReadAllText(file))));
    }

    public static TheoryData<string, Action<JsonObject>> Spoilers => new()
    {
        { "required metadata removed", e => e.Remove("metadata") },
        { "required actor removed", e => e.Remove("actor") },
        { "required src_endpoint removed", e => e.Remove("src_endpoint") },
        { "unknown root property", e => e["gateway"] = 1 },
        { "unknown nested property", e => e["api"]!["nonsense"] = "x" },
        { "unknown property two levels down", e => e["http_request"]!["url"]!["nonsense"] = "x" },
        { "text where a number belongs", e => e["time"] = "now" },
        { "fraction where an integer belongs", e => e["time"] = 1.5 },
        { "number where a text belongs", e => e["status_code"] = 403 },
        { "type_uid outside the enumeration", e => e["type_uid"] = 600305 },
        { "wrong class constant", e => e["category_uid"] = 3 },
        { "method outside the enumeration", e => e["http_request"]!["http_method"] = "PROPFIND" },
        { "address that does not match the pattern", e => e["src_endpoint"]!["ip"] = "nowhere" },
        { "address over the length limit", e => e["src_endpoint"]!["ip"] = "fe80::1%" + new string('z', 40) },
        { "port above 65535", e => e["src_endpoint"]!["port"] = 65536 },
        { "actor with none of anyOf", e => e["actor"] = new JsonObject() },
        { "policy with none of anyOf", e => e["policy"] = new JsonObject { ["version"] = "1" } },
        { "http_response without its code", e => ((JsonObject)e["http_response"]!).Remove("code") },
        { "sequence as text", e => e["metadata"]!["sequence"] = "1" },
        { "disposition outside the enumeration", e => e["disposition_id"] = 28 },
    };

    [Theory]
    [MemberData(nameof(Spoilers))]
    public void Validate_SpoiltExample_IsRefused(string what, Action<JsonObject> spoil)
    {
        var text = File.ReadAllText(Path.Combine(OcsfSchemas.Directory!, "examples", "a_authz_decision_deny.json"));
        var example = JsonNode.Parse(text)!.AsObject();
        spoil(example);
        Assert.False(OcsfSchemas.Validate(example.ToJsonString()).Count == 0, what);
    }

    [Fact]
    public void Validate_ClassConstant_IsChecked()
    {
        // The class picks the schema here, so that its const needs a case of its own.
        var text = File.ReadAllText(Path.Combine(OcsfSchemas.Directory!, "examples", "b_credential_issue.json"));
        var example = JsonNode.Parse(text)!.AsObject();
        example["class_uid"] = 6003;
        Assert.NotEmpty(OcsfSchemas.Validate(example.ToJsonString()));
    }
}
