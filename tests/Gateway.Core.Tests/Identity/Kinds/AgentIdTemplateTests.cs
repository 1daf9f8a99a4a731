using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Core.Tests.Identity.Kinds;

public sealed class AgentIdTemplateTests
{
    [Theory]
    [InlineData("{sub}", "worker")]
    [InlineData("x/{sub}/y", "x/worker/y")]
    [InlineData("{/k/ns}/{sub}", "billing/worker")]
    [InlineData("{n}", "42")]
    [InlineData("{sub}[:{env}]", "worker:prod")]
    [InlineData("{sub}[:{nothing}]", "worker")]
    [InlineData("{sub}@[{env}!]", "worker@prod!")]
    [InlineData("{sub}@[{nothing}!]", "worker@")]
    public void TryRender_ClaimsThatFit_MakesTheText(string template, string expected)
    {
        Assert.True(AgentIdTemplate.Parse(template).TryRender(Claims, out var id));
        Assert.Equal(expected, id);
    }

    [Theory]
    [InlineData("{nothing}")]
    [InlineData("{k}")]
    [InlineData("{empty}")]
    [InlineData("{flag}")]
    [InlineData("{fraction}")]
    [InlineData("{odd}")]
    [InlineData("{long}")]
    [InlineData("{colon}:{sub}")]
    [InlineData("{colon}[:{nothing}]")]
    [InlineData("{sub}[:{empty}]")]
    [InlineData("{sub}[:{k}]")]
    public void TryRender_ClaimThatNoIdCanHold_IsRefused(string template) =>
        Assert.False(AgentIdTemplate.Parse(template).TryRender(Claims, out _));

    [Theory]
    [InlineData("")]
    [InlineData("agent")]
    [InlineData("{}")]
    [InlineData("{a")]
    [InlineData("a}")]
    [InlineData("{{a}}")]
    [InlineData("{a}{b}")]
    [InlineData("{a}[{b}]")]
    [InlineData("[{a}]")]
    [InlineData("{a}[]")]
    [InlineData("{a}[:x]")]
    [InlineData("{a}[:{b}:{c}]")]
    [InlineData("{a}[:{b}]x")]
    [InlineData("{a}[:{b}][:{c}]")]
    [InlineData("{a}[:[{b}]]")]
    [InlineData("{a}]")]
    [InlineData("{a} {b}")]
    [InlineData("{/a//b}")]
    [InlineData("é{a}")]
    public void TryParse_OtherThanATemplate_IsRefusedWithWhatToWrite(string text)
    {
        Assert.False(AgentIdTemplate.TryParse(text, out _, out var problem));
        Assert.Contains("write for example", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_AnyText_NeverThrows()
    {
        var text = Gen.ListOf(Gen.Elements("{}[]/~:ab é\n".ToCharArray())).Select(c => string.Concat(c));
        Prop.ForAll(Arb.From(text), t =>
        {
            var parsed = AgentIdTemplate.TryParse(t, out var template, out var problem);
            return parsed ? template!.Text == t && problem is null : problem is not null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    /// <summary>Whoever chooses a claim's value must not reach the id of another agent.</summary>
    [Fact]
    public void TryRender_TwoSetsOfClaims_NeverShareAnId()
    {
        string[] templates = ["{a}:{b}", "{a}:{b}[:{c}]", "x{a}xx{b}[x{c}x]", "{a}::{b}:[:{c}]", "{a}/{b}/[env:{c}]", "{a}[:env:{c}]"];
        var value = from length in Gen.Choose(1, 3) from c in Gen.ListOf(Gen.Elements("x:/e".ToCharArray()), length) select string.Concat(c);
        var maybe = Gen.OneOf(value, Gen.Constant<string>(null!));
        var claims = from a in value from b in value from c in maybe select (A: a, B: b, C: c);
        var cases = from t in Gen.Elements(templates) from first in claims from second in claims select (Template: t, First: first, Second: second);
        var rendered = 0;
        Prop.ForAll(Arb.From(cases), sample =>
        {
            var template = AgentIdTemplate.Parse(sample.Template);
            if (!template.TryRender(Make(sample.First), out var one) || !template.TryRender(Make(sample.Second), out var other))
            {
                return true;
            }

            rendered++;
            var usesB = sample.Template.Contains("{b}", StringComparison.Ordinal);
            var usesC = sample.Template.Contains("{c}", StringComparison.Ordinal);
            var same = sample.First.A == sample.Second.A && (!usesB || sample.First.B == sample.Second.B) && (!usesC || sample.First.C == sample.Second.C);
            return (one == other) == same;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
        Assert.True(rendered > 2000, $"Only {rendered} cases said anything.");
    }

    private static JsonElement Claims => JsonElement.Parse($$"""
        {
          "sub": "worker", "env": "prod", "k": { "ns": "billing" }, "n": 42, "fraction": 1.5, "flag": true, "empty": "", "colon": "a:b",
          "odd": "a\u202eb", "long": "{{new string('x', 1025)}}"
        }
        """);

    private static JsonElement Make((string A, string B, string? C) claims)
    {
        var json = new JsonObject { ["a"] = claims.A, ["b"] = claims.B };
        if (claims.C is not null)
        {
            json["c"] = claims.C;
        }

        return JsonElement.Parse(json.ToJsonString());
    }
}
