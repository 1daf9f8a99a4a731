namespace Gateway.Cedar.Tests;

public sealed class ValidationTests
{
    private static readonly CedarSchema Schema = CedarSchema.Parse("""
        entity AgentGroup;
        entity Agent in [AgentGroup] { method: String, environment?: String, labels: { team?: String } };
        entity Tool { host: String };
        action "github/*";
        action "github/issues.create" in ["github/*"] appliesTo {
          principal: Agent, resource: Tool,
          context: { request: { method: String, sourceIp: ipaddr }, task?: { id: String } }
        };
        """).GetValueOrThrow();

    [Theory]
    [InlineData("principal.metod == \"jwt\"", "has no attribute `metod`, did you mean `method`?")]
    [InlineData("context.request.methd == \"GET\"", "`context.request`, of type `{method: String, sourceIp: ipaddr}`, has no attribute `methd`, did you mean `method`?")]
    [InlineData("principal.environment == \"prod\"", "`principal.environment` may be absent, expected `principal has environment &&` before it")]
    [InlineData("principal has environment && principal.environment == \"prod\"", "")]
    [InlineData("context has task.id && context.task.id like \"t*\"", "")]
    [InlineData("principal in AgentGrop::\"x\"", "there is no entity type `AgentGrop`, did you mean `AgentGroup`?")]
    [InlineData("action == Action::\"github/issue.create\"", "there is no action `Action::\"github/issue.create\"`, did you mean `Action::\"github/issues.create\"`?")]
    [InlineData("context.request.sourceIp.isInRange(ip(\"10.0.0.0/33\"))", "\"10.0.0.0/33\" is not a valid `ip`")]
    [InlineData("context.request.method == 1", "what is compared must have one type, found `String` and `Long`")]
    [InlineData("principal.method + 1 == 2", "expected `Long`, found `String`")]
    public void Validate_Condition_NamesWhatIsWrongAndTheNearestName(string condition, string expected)
    {
        var policies = PolicySet.Parse($"permit(principal, action, resource) when {{ {condition} }};", "p.cedar").GetValueOrThrow();

        var findings = Schema.Validate(policies).Where(finding => !finding.IsWarning).ToList();

        if (expected.Length == 0)
        {
            Assert.Empty(findings);
        }
        else
        {
            var finding = findings[0];
            Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
            Assert.Equal("policy0", finding.PolicyId);
            Assert.Equal(("p.cedar", 1), (finding.File, finding.Line));
        }
    }

    [Theory]
    [InlineData("context.params.owner == \"a\"", DiagnosticKind.MayBeAbsent, "context.params", "owner", "`context.params.owner` may be absent, as of `Action::\"list\"`, expected `context.params has owner &&` before it")]
    [InlineData("context.params has owner && context.params.owner == \"a\"", null, null, null, "")]
    [InlineData("context.params.ownr == \"a\"", DiagnosticKind.Mistake, "context.params", "ownr", "has no attribute `ownr`, did you mean `owner`?")]
    [InlineData("principal.team == \"a\"", DiagnosticKind.MayBeAbsent, "principal", "team", "`principal.team` may be absent")]
    [InlineData("context.params has ownr || principal has team", DiagnosticKind.NeverPresent, "context.params", "ownr", "`context.params` never has an attribute `ownr`, did you mean `owner`?")]
    [InlineData("context has params.ownr || principal has team", DiagnosticKind.NeverPresent, "context.params", "ownr", "did you mean `owner`?")]
    [InlineData("action == Action::\"get\" && context.params.owner == \"a\"", null, null, null, "")]
    [InlineData("1 == 2", DiagnosticKind.NeverApplies, null, null, "can never apply")]
    public void Validate_AttributeOfSomeRequestsOnly_IsToldFromAMisspeltOne(string condition, DiagnosticKind? kind, string? owner, string? attribute, string message)
    {
        var schema = CedarSchema.Parse("""
            entity Agent { team?: String };
            entity Tool;
            action list appliesTo { principal: Agent, resource: Tool, context: { params: {} } };
            action get appliesTo { principal: Agent, resource: Tool, context: { params: { owner: String } } };
            """).GetValueOrThrow();

        var findings = schema.Validate(PolicySet.Parse($"permit(principal, action, resource) when {{ {condition} }};").GetValueOrThrow());

        if (kind is null)
        {
            Assert.Empty(findings);
            return;
        }

        var finding = Assert.Single(findings);
        Assert.Equal((kind, owner, attribute), (finding.Kind, finding.AttributeOwner, finding.Attribute));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Equal(kind is DiagnosticKind.NeverPresent or DiagnosticKind.NeverApplies, finding.IsWarning);
    }

    [Fact]
    public void Validate_PolicyThatNeverApplies_Warns()
    {
        var findings = Schema.Validate(PolicySet.Parse("permit(principal, action, resource) when { principal is Tool };").GetValueOrThrow());

        Assert.True(Assert.Single(findings).IsWarning);
    }

    [Fact]
    public void Validate_LinkedTemplate_ChecksWhatFillsTheSlot()
    {
        var set = PolicySet.Parse("permit(principal == ?principal, action, resource);").GetValueOrThrow();

        Assert.Empty(Schema.Validate(set.WithLinks([new("policy0", "good", new EntityUid("Agent", "a"))])));
        Assert.NotEmpty(Schema.Validate(set.WithLinks([new("policy0", "bad", new EntityUid("Nobody", "a"))])));
    }

    [Fact]
    public void Validate_LinkToIdOutsideEnumeration_IsValidAsByReference()
    {
        var schema = CedarSchema.Parse("entity U; entity C enum [\"red\"]; action a appliesTo { principal: U, resource: C };").GetValueOrThrow();
        var set = PolicySet.Parse("permit(principal, action, resource == ?resource);").GetValueOrThrow();

        Assert.Empty(schema.Validate(set.WithLinks([new("policy0", "linked", Resource: new EntityUid("C", "blue"))])));
        Assert.NotEmpty(schema.Validate(PolicySet.Parse("permit(principal, action, resource == C::\"blue\");").GetValueOrThrow()));
    }

    [Fact]
    public void Validate_ListOfActionsOfTwoNamespaces_IsAnErrorAsByReference()
    {
        var schema = CedarSchema.Parse("""
            entity U;
            action a appliesTo { principal: U, resource: U };
            namespace N { action b appliesTo { principal: U, resource: U }; }
            """).GetValueOrThrow();

        var findings = schema.Validate(PolicySet.Parse("permit(principal, action in [Action::\"a\", N::Action::\"b\"], resource);").GetValueOrThrow());

        Assert.Contains("must have one type", Assert.Single(findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseEntities_WithSchema_ChecksAndConverts()
    {
        const string Good = """[{"uid":{"type":"Agent","id":"a"},"attrs":{"method":"jwt","labels":{}},"parents":[{"type":"AgentGroup","id":"g"}]}]""";
        var store = CedarJson.ParseEntities(Good, schema: Schema).GetValueOrThrow();
        Assert.True(store.Find(new("Agent", "a"))!.IsIn(new("AgentGroup", "g")));
        Assert.True(store.Find(new("Action", "github/issues.create"))!.IsIn(new("Action", "github/*")));

        var wrong = CedarJson.ParseEntities(Good.Replace("\"jwt\"", "7", StringComparison.Ordinal), schema: Schema);
        Assert.Contains("attrs.method: expected `String`, found 7", Assert.Single(wrong.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseContext_TextForExtensionType_BecomesItsValue()
    {
        var action = new EntityUid("Action", "github/issues.create");

        var context = CedarJson.ParseContext("""{"request":{"method":"GET","sourceIp":"10.0.0.1"}}""", Schema, action).GetValueOrThrow();

        Assert.True(context.TryGetValue("request", out var request));
        Assert.True(request.AsRecord().TryGetValue("sourceIp", out var address));
        Assert.Equal(ValueKind.IPAddress, address.Kind);
        Assert.False(CedarJson.ParseContext("""{"request":{}}""", Schema, action).Succeeded);
    }
}
