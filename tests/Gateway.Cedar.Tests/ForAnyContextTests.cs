namespace Gateway.Cedar.Tests;

public sealed class ForAnyContextTests
{
    [Theory]
    [InlineData("permit (principal, action, resource) when { context.x };", true)]
    [InlineData("permit (principal, action, resource) unless { context.x };", true)]
    [InlineData("permit (principal, action, resource) when { principal.good && context.x };", true)]
    [InlineData("permit (principal, action, resource) when { context.x && !principal.good };", false)]
    [InlineData("permit (principal, action, resource) when { context.x || !principal.good };", true)]
    [InlineData("permit (principal, action, resource) when { context.x } when { !principal.good };", false)]
    [InlineData("permit (principal, action, resource) unless { context.x && principal.good };", true)]
    [InlineData("permit (principal, action, resource) when { principal.nothing && context.x };", false)]
    [InlineData("permit (principal == A::\"other\", action, resource) when { context.x };", false)]
    [InlineData("permit (principal, action, resource); forbid (principal, action, resource) when { context.x };", true)]
    [InlineData("permit (principal, action, resource); forbid (principal, action, resource) unless { principal.good || context.x };", true)]
    [InlineData("permit (principal, action, resource); forbid (principal, action, resource) when { principal.good };", false)]
    [InlineData("permit (principal, action, resource); forbid (principal, action, resource);", false)]
    [InlineData("", false)]
    public void ForAnyContext_Policies_PermitWhatSomeContextWould(string policies, bool expected)
    {
        var set = PolicySet.Parse(policies).Value!.ForAnyContext();
        var uid = new EntityUid("A", "a");
        var entities = EntityStore.Create([new EntityDefinition(uid, [], CedarRecord.Create([new("good", CedarValue.True)]))]);

        var result = set.Authorize(new CedarRequest(uid, new EntityUid("Action", "x"), uid, CedarRecord.Empty), entities);

        Assert.Equal(expected, result.IsAllowed);
    }
}
