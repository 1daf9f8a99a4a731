using System.Net;
using System.Text.Json;

namespace Gateway.Cedar.Tests;

public sealed class CedarValueTests
{
    [Fact]
    public void Equals_RecordsAndSets_IgnoreOrder()
    {
        var one = CedarRecord.Create([new("a", 1L), new("b", CedarSet.Create("x", "y"))]);
        var other = CedarRecord.Create([new("b", CedarSet.Create("y", "x", "y")), new("a", 1L)]);

        Assert.Equal(CedarValue.From(one), CedarValue.From(other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(CedarValue.From(1L), CedarValue.From(true));
        Assert.Equal(ValueKind.None, default(CedarValue).Kind);
    }

    [Fact]
    public void Create_LargeSet_FindsElementsByHash()
    {
        var set = CedarSet.Create([.. Enumerable.Range(0, 100).Select(i => CedarValue.From(i % 50L))]);

        Assert.Equal(50, set.Count);
        Assert.True(set.Contains(49L));
        Assert.False(set.Contains(50L));
        Assert.True(set.ContainsAll(CedarSet.Create(1L, 2L)));
        Assert.False(set.ContainsAny(CedarSet.Create(77L)));
    }

    [Fact]
    public void From_MappedAddress_IsTheIPv4Address() =>
        Assert.Equal(CedarValue.From(IPAddress.Parse("10.0.0.1")), CedarValue.From(IPAddress.Parse("::ffff:10.0.0.1")));

    [Theory]
    [InlineData("ip(\"10.0.0.0/8\")")]
    [InlineData("ip(\"2001:db8:0:0:0:0:0:1\")")]
    [InlineData("decimal(\"-12.5\")")]
    [InlineData("datetime(\"2024-02-29\")")]
    [InlineData("datetime(\"1969-12-31T23:59:59.999Z\")")]
    [InlineData("duration(\"-1500ms\")")]
    [InlineData("[1, \"a\\\"\\u{7}\", User::\"x\", {\"a b\": [true]}]")]
    public void ToString_Value_IsTheExpressionThatMakesIt(string expression)
    {
        var set = PolicySet.Parse($"permit(principal, action, resource) when {{ context.v == {expression} }};").GetValueOrThrow();
        var value = Evaluate(expression);

        Assert.Equal(expression, value.ToString());
        var request = new CedarRequest(new("U", "a"), new("Action", "a"), new("R", "a"), CedarRecord.Create([new("v", value)]));
        Assert.True(set.Authorize(request, EntityStore.Empty).IsAllowed);
    }

    [Fact]
    public void FromUntrusted_Escapes_AreOrdinaryRecords()
    {
        using var body = JsonDocument.Parse("""{"__entity":{"type":"Admin","id":"x"},"n":null,"f":1.5,"huge":1e300,"list":[1,null]}""");

        var value = CedarJson.FromUntrusted(body.RootElement).AsRecord();

        Assert.True(value.TryGetValue("__entity", out var inner));
        Assert.Equal(ValueKind.Record, inner.Kind);
        Assert.False(value.TryGetValue("n", out _));
        Assert.True(value.TryGetValue("f", out var fraction));
        Assert.Equal("decimal(\"1.5\")", fraction.ToString());
        Assert.False(value.TryGetValue("huge", out _));
        Assert.True(value.TryGetValue("list", out var list));
        Assert.Equal(CedarValue.From(1L), Assert.Single(list.AsSet()));
    }

    [Fact]
    public void GetValue_LazyRecord_IsAskedOnlyForWhatPoliciesRead()
    {
        var record = new CountingRecord();
        var set = PolicySet.Parse("permit(principal, action, resource) when { context.cheap && context has cheap };").GetValueOrThrow();

        Assert.True(set.Authorize(new(new("U", "a"), new("Action", "a"), new("R", "a"), record), EntityStore.Empty).IsAllowed);

        Assert.Equal(0, record.DearReads);
    }

    [Fact]
    public void TryParse_EntityUid_ReadsWhatToStringWrites()
    {
        var uid = new EntityUid("A::B", "x\"\\\n\u00e9");

        Assert.True(EntityUid.TryParse(uid.ToString(), out var parsed));
        Assert.Equal(uid, parsed);
        Assert.False(EntityUid.TryParse("A::B", out _));
        Assert.False(EntityUid.TryParse("A::\"x\" y", out _));
    }

    private static CedarValue Evaluate(string expression)
    {
        var diagnostics = new Gateway.Cedar.Syntax.DiagnosticList(new("", expression));
        var parser = new Gateway.Cedar.Syntax.ExpressionParser(new(new("", expression), diagnostics));
        var node = Gateway.Cedar.Evaluation.Compiler.Compile(parser.Parse());
        Assert.Equal(0, diagnostics.Count);
        var request = new CedarRequest(new("U", "a"), new("Action", "a"), new("R", "a"), CedarRecord.Empty);
        return node.Evaluate(new Gateway.Cedar.Evaluation.EvaluationFrame(request, EntityStore.Empty));
    }

    private sealed class CountingRecord() : CedarRecord(new RecordShape("cheap", "dear"))
    {
        public int DearReads { get; private set; }

        protected internal override CedarValue GetValue(int index)
        {
            DearReads += index;
            return true;
        }
    }
}
