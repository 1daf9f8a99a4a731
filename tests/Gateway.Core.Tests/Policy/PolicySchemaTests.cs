using Gateway.Cedar;
using Gateway.Core.Policy;

namespace Gateway.Core.Tests.Policy;

public sealed class PolicySchemaTests
{
    [Fact]
    public void Create_Vocabulary_WritesItsAgentsToolsAndActions()
    {
        var text = PolicySchema.Create(Vocabularies.Usual, PolicySet.Empty).Text;

        Assert.Contains("""
              labels: {
                "cost center"?: String,
                environment?: String
              },
            """, text, StringComparison.Ordinal);
        Assert.Contains("""
              labels: {
                "owner-team": String,
                sensitivity?: String
              },
            """, text, StringComparison.Ordinal);
        Assert.Contains("groups?: Set<String>,", text, StringComparison.Ordinal);
        Assert.Contains("org?: { id: String, unit?: Long },", text, StringComparison.Ordinal);
        Assert.Contains("\"https://idp.example/tier\"?: String,", text, StringComparison.Ordinal);
        Assert.Contains("\"kubernetes.io\"?: { namespace: String, serviceaccount: { name: String, uid: String },", text, StringComparison.Ordinal);
        Assert.Contains("params: { owner: String, repo: String },", text, StringComparison.Ordinal);
        Assert.Contains("action \"github/issues.create\" in [\"github/*\", \"create\"] appliesTo { principal: Agent, resource: Tool, context: Context1 };", text, StringComparison.Ordinal);
        Assert.Contains("action \"github/repos.get\" in [\"github/*\", \"read\"] appliesTo { principal: Agent, resource: Tool, context: Context1 };", text, StringComparison.Ordinal);
        Assert.Contains("action \"github/DELETE\" in [\"github/*\", \"delete\"] appliesTo { principal: Agent, resource: Tool, context: Context2 };", text, StringComparison.Ordinal);

        // A method that cannot occur is known, and no request.
        Assert.Contains("action \"crm/DELETE\" in [\"crm/*\", \"delete\"];", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NothingConfigured_IsASchema() => Assert.Contains("entity Agent", PolicySchema.Create(new(), PolicySet.Empty).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("principal.claims has level && principal.claims.level > 3", "level", "Long")]
    [InlineData("principal.claims has level && principal.claims.level == \"3\"", "level", "String")]
    [InlineData("principal.claims.level > 3", "level", "Long")]
    [InlineData("principal.claims has teams && principal.claims.teams.contains(\"a\")", "teams", "Set<String>")]
    [InlineData("principal.claims has admin && principal.claims.admin", "admin", "Bool")]
    [InlineData("principal.claims has \"https://idp.example/tier\" && principal.claims[\"https://idp.example/tier\"] <= 2", "https://idp.example/tier", "Long")]
    [InlineData("principal.claims has groups && principal.claims.groups == \"a\"", "groups", "Set<String>")]
    [InlineData("principal.claims has department", "department", "String")]
    public void Create_ClaimOfUnknownType_GetsTheOneUnderWhichItsPoliciesAreValid(string condition, string claim, string type)
    {
        var policies = PolicySet.Parse($"permit(principal, action, resource) when {{ {condition} }};").GetValueOrThrow();

        Assert.Equal(type, PolicySchema.Create(Vocabularies.Usual, policies).ClaimTypes[claim]);
    }

    [Theory]
    [InlineData("String", true)]
    [InlineData("Set<Set<Long>>", true)]
    [InlineData("{ \"a b\": String, c?: { d: Bool } }", true)]
    [InlineData("", false)]
    [InlineData("Strng", false)]
    [InlineData("Agent", false)]
    [InlineData("Claim", false)]
    [InlineData("String; entity Root", false)]
    [InlineData("String }; entity Root { a: String", false)]
    [InlineData("String }, labels: { a: String", false)]
    [InlineData("String // and so on", true)]
    public void Check_Type_IsOneTypeAndNothingElse(string text, bool isType) => Assert.Equal(isType, ClaimTypes.Check(text) is null);
}
