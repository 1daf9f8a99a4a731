using System.Globalization;
using System.Text;

namespace Gateway.Cedar.Tests;

public sealed class CedarSchemaTests
{
    [Fact]
    public void Parse_SeveralMistakes_ReportsEachWithPlaceAndNearestName()
    {
        var result = CedarSchema.Parse("""
            entity User in Grop { name: Strng };
            entity Group;
            action read appliesTo { principal: User };
            entity 1;
            type Long = String;
            """, "s.cedarschema");
        Assert.Equal(["3:8", "4:8", "5:6"], result.Diagnostics.Select(d => $"{d.Line}:{d.Column}"));

        result = CedarSchema.Parse("entity User in Grop { name: Strng };\nentity Group;");
        Assert.Equal(
            ["there is no entity type `Grop`, did you mean `Group`?", "there is no type `Strng`, did you mean `String`?"],
            result.Diagnostics.Select(d => d.Message));
    }

    [Fact]
    public void Parse_TypesMadeOfOneAnother_AreBoundedAndNeverOverflow()
    {
        var deep = new StringBuilder("type T0 = Long;\n");
        var wide = new StringBuilder("type W0 = Long;\n");
        for (var i = 1; i <= 100; i++)
        {
            deep.Append(CultureInfo.InvariantCulture, $"type T{i} = {new string('<', 200).Replace("<", "Set<", StringComparison.Ordinal)}T{i - 1}{new string('>', 200)};\n");
            wide.Append(CultureInfo.InvariantCulture, $"type W{i} = {{ a: W{i - 1}, b: W{i - 1} }};\n");
        }

        Assert.Contains(CedarSchema.Parse(deep.ToString()).Diagnostics, d => d.Message.Contains("within one another", StringComparison.Ordinal));

        // Two to the power of a hundred attributes, if anybody counted them.
        wide.Append("entity U { x: W100, y: W100 }; action a appliesTo { principal: U, resource: U };");
        var schema = CedarSchema.Parse(wide.ToString()).GetValueOrThrow();
        var policies = PolicySet.Parse("permit(principal, action, resource) when { principal.x == resource.y && principal.x.nothing };").GetValueOrThrow();
        Assert.Contains(schema.Validate(policies), finding => finding.Message.Contains("has no attribute `nothing`", StringComparison.Ordinal));
    }

    [Fact]
    public void ParseJson_SameSchemaInBothFormats_GivesTheSameVerdicts()
    {
        var human = CedarSchema.Parse("""
            namespace N {
              entity G;
              entity U in G { name: String, age?: Long, ip: ipaddr, friends: Set<U> } tags Long;
              entity E enum ["x"];
              type C = { n: Long };
              action all;
              action read in all appliesTo { principal: U, resource: [U, E], context: C };
            }
            """).GetValueOrThrow();
        var json = CedarSchema.ParseJson("""
            {"N": {
              "commonTypes": {"C": {"type": "Record", "attributes": {"n": {"type": "Long"}}}},
              "entityTypes": {
                "G": {}, "E": {"enum": ["x"]},
                "U": {"memberOfTypes": ["G"], "tags": {"type": "Long"}, "shape": {"type": "Record", "attributes": {
                  "name": {"type": "String"}, "age": {"type": "Long", "required": false},
                  "ip": {"type": "Extension", "name": "ipaddr"},
                  "friends": {"type": "Set", "element": {"type": "Entity", "name": "U"}}}}}},
              "actions": {"all": {}, "read": {"memberOf": [{"id": "all"}],
                "appliesTo": {"principalTypes": ["U"], "resourceTypes": ["U", "E"], "context": {"type": "C"}}}}
            }}
            """).GetValueOrThrow();
        string[] conditions =
        [
            "context.n > 1", "principal.age > 1", "principal has age && principal.age > 1", "principal.friends.contains(resource)", "resource == N::E::\"y\"",
            "principal.ip.isLoopback() && principal in N::G::\"g\"", "principal.hasTag(\"a\") && principal.getTag(\"a\") > 1", "action in N::Action::\"all\"", "context.m",
        ];
        foreach (var condition in conditions)
        {
            var policies = PolicySet.Parse($"permit(principal, action, resource) when {{ {condition} }};").GetValueOrThrow();
            Assert.Equal(human.Validate(policies).Select(d => d.Message), json.Validate(policies).Select(d => d.Message));
        }
    }
}
