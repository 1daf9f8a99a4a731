using Gateway.Core.Tasks;

namespace Gateway.Core.Tests.Tasks;

public sealed class AgentPatternTests
{
    [Theory]
    [InlineData("corp:billing", "corp:billing", true)]
    [InlineData("corp:billing", "corp:billing-admin", false)]
    [InlineData("corp:*", "corp:billing", true)]
    [InlineData("corp:*", "corporate:billing", false)]
    [InlineData("spiffe://example.org", "spiffe://example.org/agent/a", true)]
    [InlineData("spiffe://example.org", "spiffe://example.org.evil/agent/a", false)]
    [InlineData("spiffe://example.org/agent/*", "spiffe://example.org/agent/a", true)]
    [InlineData("spiffe://example.org/agent/*", "spiffe://example.org/agents/a", false)]
    public void Matches_Agent_AsWritten(string text, string agent, bool matches)
    {
        Assert.True(AgentPattern.TryParse(text, out var pattern, out _));
        Assert.Equal(matches, pattern.Matches(agent));
    }

    [Theory]
    [InlineData("spiffe://", true)]
    [InlineData("spiffe://example.org/", true)]
    [InlineData("spiffe://example.org/agent/", true)]
    [InlineData("corp:", true)]
    [InlineData("corp", true)]
    [InlineData(":billing", true)]
    [InlineData("spiffe://example.org", false)]
    [InlineData("spiffe://example.org/*", false)]
    [InlineData("spiffe://example.org/agent/a", false)]
    [InlineData("corp:*", false)]
    [InlineData("corp:billing", false)]
    [InlineData("corp:https://idp.example/users/", false)]
    public void NamesNobody_HalfAName_IsSaid(string text, bool expected)
    {
        Assert.True(AgentPattern.TryParse(text, out var pattern, out _));
        Assert.Equal(expected, pattern.NamesNobody);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("corp:bill*")]
    [InlineData("corp:*:x")]
    [InlineData("corp:**")]
    [InlineData("corp:a\nb")]
    public void TryParse_MoreThanMeant_SaysWhatToWrite(string text)
    {
        Assert.False(AgentPattern.TryParse(text, out _, out var problem));
        Assert.StartsWith("m", problem, StringComparison.Ordinal);
    }
}
