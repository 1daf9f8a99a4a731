namespace Gateway.Cedar.Tests;

public sealed class PolicySetTests
{
    private static readonly EntityUid Alice = new("User", "alice");
    private static readonly EntityUid View = new("Action", "view");
    private static readonly EntityUid Photo = new("Photo", "p");

    private static readonly EntityStore Entities = EntityStore.Create(
    [
        new(Alice, [new("Group", "friends")], CedarRecord.Create([new("age", 30L)])),
        new(View, [new("Action", "read"), new("Action", "any")]),
        new(new("Group", "friends"), [new("Group", "all")]),
    ]);

    [Theory]
    [InlineData("", Decision.Deny, "", "")]
    [InlineData("permit(principal, action, resource);", Decision.Allow, "policy0", "")]
    [InlineData("permit(principal, action, resource); forbid(principal, action, resource);", Decision.Deny, "policy1", "")]
    [InlineData("permit(principal, action, resource); permit(principal, action, resource);", Decision.Allow, "policy0,policy1", "")]
    [InlineData("forbid(principal, action, resource) when { context.x }; permit(principal, action, resource);", Decision.Allow, "policy1", "policy0")]
    [InlineData("permit(principal, action, resource) when { 1 };", Decision.Deny, "", "policy0")]
    [InlineData("permit(principal in Group::\"all\", action in [Action::\"read\", Action::\"view\", Action::\"any\"], resource is Photo);", Decision.Allow, "policy0", "")]
    [InlineData("permit(principal is User in Group::\"friends\", action == Action::\"view\", resource == Photo::\"p\");", Decision.Allow, "policy0", "")]
    [InlineData("permit(principal is Robot in Group::\"friends\", action, resource);", Decision.Deny, "", "")]
    [InlineData("permit(principal, action in [], resource);", Decision.Deny, "", "")]
    [InlineData("permit(principal, action, resource) when { principal.age > 18 } unless { context has blocked };", Decision.Allow, "policy0", "")]
    [InlineData("permit(principal, action, resource) when { false } when { context.missing };", Decision.Deny, "", "")]
    public void Authorize_Policies_DecidesWithReasonsAndErrors(string policies, Decision decision, string reasons, string errors)
    {
        var set = PolicySet.Parse(policies).GetValueOrThrow();

        var result = set.Authorize(new(Alice, View, Photo, CedarRecord.Empty), Entities);

        Assert.Equal(decision, result.Decision);
        Assert.Equal(reasons, string.Join(',', result.Reasons.Select(policy => policy.Id)));
        Assert.Equal(errors, string.Join(',', result.Errors.Select(error => error.Policy.Id)));
    }

    [Fact]
    public void Default_AuthorizationResult_Denies()
    {
        AuthorizationResult result = default;

        Assert.Equal(Decision.Deny, result.Decision);
        Assert.False(result.IsAllowed);
        Assert.Empty(result.Reasons);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void Parse_AnnotationIds_NamesPoliciesByAnnotation()
    {
        var set = PolicySet.Parse("@id(\"a\") @advice permit(principal, action, resource); forbid(principal, action, resource);", ids: PolicyIds.Annotation).GetValueOrThrow();

        Assert.Equal(["a", "policy1"], set.Policies.Select(policy => policy.Id));
        Assert.Equal("", set.Policies[0].Annotations["advice"]);
        Assert.Equal(Effect.Forbid, set.Policies[1].Effect);
    }

    [Fact]
    public void Parse_RepeatedAnnotationId_IsAnError()
    {
        var result = PolicySet.Parse(
            [new("a.cedar", "@id(\"x\") permit(principal, action, resource);"), new("b.cedar", "\n @id(\"x\") forbid(principal, action, resource);")],
            PolicyIds.Annotation);

        var mistake = Assert.Single(result.Diagnostics);
        Assert.Equal(new SourcePosition("b.cedar", 2, 2), mistake.Position);
        Assert.Contains("`x` is already taken", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithLinks_Template_DecidesLikeThePolicyWritten()
    {
        var set = PolicySet.Parse("permit(principal == ?principal, action, resource in ?resource);").GetValueOrThrow();
        Assert.Empty(set.Policies);

        var linked = set.WithLinks([new("policy0", "alice", Alice, Photo)]);

        Assert.True(linked.Authorize(new(Alice, View, Photo, CedarRecord.Empty), Entities).IsAllowed);
        Assert.False(linked.Authorize(new(new("User", "bob"), View, Photo, CedarRecord.Empty), Entities).IsAllowed);
        Assert.Equal("policy0", Assert.Single(linked.Policies).TemplateId);
        Assert.Throws<ArgumentException>(() => set.WithLinks([new("policy0", "alice", Alice)]));
        Assert.Throws<ArgumentException>(() => set.WithLinks([new("policy7", "alice", Alice, Photo)]));
        Assert.Throws<ArgumentException>(() => linked.WithLinks([new("policy0", "alice", Alice, Photo)]));
    }

    [Theory]
    [InlineData("ip(context.secret).isLoopback()", "`ip` cannot read its argument, or its result is out of range")]
    [InlineData("principal.getTag(context.secret) == 1", "`User::\"alice\"` does not have the tag")]
    [InlineData("context.secret + 1 == 2", "type error: expected long, got string")]
    [InlineData("context.number + 9223372036854775807 == 2", "integer overflow in `+`")]
    [InlineData("context.nothing", "the record does not have the attribute `nothing`")]
    [InlineData("User::\"nobody\".age == 1", "the entity `User::\"nobody\"` does not exist")]
    public void Authorize_ErringPolicy_TellsWhyWithoutTheRequestsValues(string condition, string message)
    {
        var set = PolicySet.Parse($"permit(principal, action, resource)\n  when {{ {condition} }};", "p.cedar").GetValueOrThrow();
        var context = CedarRecord.Create([new("secret", "hunter2"), new("number", 1234567L)]);

        var error = Assert.Single(set.Authorize(new(Alice, View, Photo, context), Entities).Errors);

        Assert.Equal(message, error.Message);
        Assert.Equal(("p.cedar", 2), (error.Position.File, error.Position.Line));
    }

    [Fact]
    public void Authorize_CommonCase_AllocatesNothing()
    {
        var set = PolicySet.Parse("""
            permit(principal is User, action in Action::"read", resource) when { context.request.method == "GET" && principal.age + 1 > 18 };
            forbid(principal, action, resource) when { context.request.path like "/admin/*" };
            """).GetValueOrThrow();
        var requestShape = new RecordShape("method", "path");
        var request = new CedarRequest(Alice, View, Photo, new RecordShape("request").CreateRecord(requestShape.CreateRecord("GET", "/x")));
        Assert.True(set.Authorize(request, Entities).IsAllowed);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            set.Authorize(request, Entities);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
