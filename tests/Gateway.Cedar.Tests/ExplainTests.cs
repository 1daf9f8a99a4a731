namespace Gateway.Cedar.Tests;

public sealed class ExplainTests
{
    [Fact]
    public void Explain_DeniedRequest_TellsWhatFailedInEachPolicy()
    {
        var set = PolicySet.Parse("""
            permit(principal, action == Action::"read", resource) when { true && context.size < 10 && context.other };
            permit(principal is Robot, action, resource);
            permit(principal, action, resource) when { context.missing };
            forbid(principal, action, resource) unless { context.size > 5 };
            """, "p.cedar").GetValueOrThrow();
        var request = new CedarRequest(new("User", "a"), new("Action", "read"), new("Doc", "d"), CedarRecord.Create([new("size", 12L)]));

        var explanations = set.Explain(request, EntityStore.Empty);

        Assert.True(explanations[0].ScopeMatches);
        Assert.Equal("context.size < 10", explanations[0].FailedCondition);
        Assert.Equal(new SourcePosition("p.cedar", 1, 70), explanations[0].FailedAt);
        Assert.False(explanations[1].PrincipalMatches);
        Assert.True(explanations[1].ActionMatches);
        Assert.Contains("does not have the attribute `missing`", explanations[2].Error!.Message, StringComparison.Ordinal);
        Assert.False(explanations[3].IsSatisfied);
        Assert.Equal("context.size > 5", explanations[3].FailedCondition);
    }
}
