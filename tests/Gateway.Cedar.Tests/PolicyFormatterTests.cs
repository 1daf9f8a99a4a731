namespace Gateway.Cedar.Tests;

public sealed class PolicyFormatterTests
{
    [Fact]
    public void Format_CommentsAndLongLines_KeepsAllAndIsIdempotent()
    {
        const string Text = """
            // what this file is for
            @id("x")   @advice("ask")
            permit(principal in Group::"staff", // who
              action in [Action::"aaaaaaaaaaaaaaaa",Action::"bbbbbbbbbbbbbbbb"],resource)
            when{principal.age>-1&&!context.blocked&&context.request.path like "/a/*"&&context["odd name"]==[1,2]} // why
            // not at night
            unless { if principal has x then principal.x.contains(3) else false };
            forbid(principal,action,resource); // all others
            // the end
            """;
        const string Expected = """
            // what this file is for
            @id("x")
            @advice("ask")
            permit (
              principal in Group::"staff", // who
              action in [Action::"aaaaaaaaaaaaaaaa", Action::"bbbbbbbbbbbbbbbb"],
              resource
            )
            when {
              principal.age > -1 &&
              !context.blocked &&
              context.request.path like "/a/*" &&
              context["odd name"] == [1, 2]
            } // why
            // not at night
            unless { if principal has x then principal.x.contains(3) else false };

            forbid (principal, action, resource); // all others

            // the end

            """;

        var formatted = PolicyFormatter.Format(Text).GetValueOrThrow();

        Assert.Equal(Expected, formatted);
        Assert.Equal(formatted, PolicyFormatter.Format(formatted).GetValueOrThrow());
    }

    [Fact]
    public void Format_Mistakes_ReportsThem()
    {
        var result = PolicyFormatter.Format("permit(principal);");

        Assert.False(result.Succeeded);
        Assert.NotEmpty(result.Diagnostics);
    }
}
