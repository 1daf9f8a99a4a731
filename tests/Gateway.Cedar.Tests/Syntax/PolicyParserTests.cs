using System.Text;

namespace Gateway.Cedar.Tests.Syntax;

public sealed class PolicyParserTests
{
    private static CedarResult<PolicySet> Parse(string text) => PolicySet.Parse(text, "p.cedar");

    [Fact]
    public void Parse_SeveralMistakes_ReportsEachWithPlaceAndCaret()
    {
        var result = Parse("""
            permit(principal, action, resource) when { principal.age > };
            permit(principal, action, resource) when { context.contians(1) };
            forbid(principal, action resource);
            permit(principal, action, resource) when { "\q" == foo };
            permit(principal, action, resource);
            """);

        Assert.Equal(["1:60", "2:52", "3:26", "4:45", "4:52"], result.Diagnostics.Select(d => $"{d.Line}:{d.Column}"));
        Assert.Null(result.Value);
        Assert.Equal(
            """
            p.cedar:2:52: error: there is no method `contians`, did you mean `contains`?
                permit(principal, action, resource) when { context.contians(1) };
                                                                   ^^^^^^^^
            """,
            result.Diagnostics[1].ToString());
        Assert.Contains("unexpected `resource`, expected `,`", result.Diagnostics[2].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("permit(principal, action, resource) when { ", "(", "true", ")", " };")]
    [InlineData("permit(principal, action, resource) when { ", "[", "1", "]", " == 1 };")]
    [InlineData("permit(principal, action, resource) when { ", "if true then ", "true", " else false", " };")]
    [InlineData("permit(principal, action, resource) when { context", "", ".a", "", " };")]
    [InlineData("permit(principal, action, resource) when { 1", "", " + 1", "", " == 1 };")]
    [InlineData("permit(principal == ", "(", "A::\"a\"", ")", ", action, resource);")]
    [InlineData("permit(principal, action, resource) when { ", "{a:", "1", "}", " == 1 };")]
    public void Parse_DeepNesting_IsAnErrorOrFineButNeverOverflows(string head, string open, string middle, string close, string tail)
    {
        foreach (var depth in new[] { 10, 255, 100_000 })
        {
            var text = new StringBuilder(head);
            for (var i = 0; i < depth; i++)
            {
                text.Append(open.Length == 0 ? middle : open);
            }

            text.Append(open.Length == 0 ? "" : middle);
            for (var i = 0; i < depth; i++)
            {
                text.Append(close);
            }

            var result = Parse(text.Append(tail).ToString());
            if (depth == 10)
            {
                Assert.Empty(result.Diagnostics);
            }

            Assert.All(result.Diagnostics, mistake => Assert.Equal(1, mistake.Line));
        }
    }

    [Fact]
    public void Parse_ManyConjuncts_IsNoDepth()
    {
        var terms = string.Join(" && ", Enumerable.Repeat("true", 5_000));
        Assert.Empty(Parse($"permit(principal, action, resource) when {{ {terms} }};").Diagnostics);
    }
}
