using Gateway.Cedar;
using Gateway.Core.Policy;

namespace Gateway.Core.Tests.Policy;

public sealed class PolicyCheckerTests
{
    [Theory]
    // Vocabulary
    [InlineData("""permit(principal, action == Action::"github/repo.get", resource);""", "error", "there is no action `Action::\"github/repo.get\"`, did you mean `Action::\"github/repos.get\"`?")]
    [InlineData("""permit(principal, action, resource == Tool::"gihub");""", "error", "there is no tool \"gihub\", did you mean `github`?")]
    [InlineData("""permit(principal, action, resource) when { resource == Tool::"gihub" };""", "error", "there is no tool")]
    [InlineData("""permit(principal in AgentGroup::"finanse", action, resource);""", "warning", "no configured agent is in the group \"finanse\", did you mean `finance`?")]
    [InlineData("""permit(principal, action, resource in ToolGroup::"scn");""", "warning", "no tool is in the group \"scn\", did you mean `scm`?")]
    [InlineData("""permit(principal == Agent::"corp:nobody-yet", action, resource);""", "", "")]
    [InlineData("""permit(principal in Grop::"finance", action, resource);""", "error", "there is no entity type `Grop`")]
    [InlineData("""permit(principal, action, resource) when { context.request.methd == "GET" };""", "error", "did you mean `method`?")]
    [InlineData("""permit(principal, action, resource) when { context.request.method == 1 };""", "error", "must have one type")]
    [InlineData("""permit(principal, action, resource) when { principal is Tool };""", "warning", "the policy can never apply to a call")]
    [InlineData("""forbid(principal, action, resource) when { principal is Tool };""", "error", "the policy can never apply to a call")]
    [InlineData("""permit(principal, action == Action::"crm/GET", resource);""", "error", "no action of the scope applies")]
    [InlineData("""permit(principal, action in [Action::"crm/GET", Action::"crm/customers.get"], resource);""", "", "")]
    // What may be absent
    [InlineData("""permit(principal, action, resource) when { context.intent like "*refund*" };""", "warning", "expected `context has intent &&` before it; where it is absent, the policy does not permit")]
    [InlineData("""forbid(principal, action, resource) when { context.intent like "*refund*" };""", "error", "where it is absent, the policy would be skipped and forbid nothing")]
    [InlineData("""forbid(principal, action, resource) when { context has intent && context.intent like "*refund*" };""", "", "")]
    [InlineData("""forbid(principal, action in Action::"github/*", resource) unless { context.params.owner == "acme" };""", "error", "`context.params.owner` may be absent, as of `Action::\"github/")]
    [InlineData("""permit(principal, action in Action::"github/*", resource) when { context.params.owner == "acme" };""", "warning", "`context.params.owner` may be absent, as of `Action::\"github/")]
    [InlineData("""forbid(principal, action in Action::"github/*", resource) unless { context.params has owner && context.params.owner == "acme" };""", "", "")]
    [InlineData("""forbid(principal, action == Action::"github/repos.get", resource) unless { context.params.owner == "acme" };""", "", "")]
    [InlineData("""forbid(principal, action in Action::"crm/*", resource) when { context.params.id == "1" };""", "", "")]
    [InlineData("""permit(principal, action in Action::"github/*", resource) when { context.params.ownr == "acme" };""", "error", "has no attribute `ownr`, did you mean `owner`?")]
    [InlineData("""forbid(principal, action, resource) when { context.params has ownr || context.request.method == "PUT" };""", "error", "never has an attribute `ownr`, did you mean `owner`?; what depends on it is never forbidden")]
    [InlineData("""permit(principal, action, resource) when { context.params has ownr || context.request.method == "PUT" };""", "warning", "never has an attribute `ownr`")]
    // What the scope makes certain
    [InlineData("""forbid(principal, action, resource) when { resource.labels.sensitivity == "secret" };""", "error", "`resource.labels.sensitivity` may be absent")]
    [InlineData("""forbid(principal, action, resource == Tool::"github") when { resource.labels.sensitivity == "secret" };""", "", "")]
    [InlineData("""forbid(principal, action in Action::"github/*", resource) when { resource.labels.sensitivity == "secret" };""", "", "")]
    [InlineData("""forbid(principal, action, resource in ToolGroup::"scm") when { resource.labels.sensitivity == "secret" };""", "", "")]
    [InlineData("""forbid(principal, action, resource in ToolGroup::"data") when { resource.labels.sensitivity == "secret" };""", "error", "may be absent")]
    [InlineData("""forbid(principal, action, resource) when { resource.labels["owner-team"] == "dev" };""", "", "")]
    [InlineData("""forbid(principal, action, resource) unless { principal.environment == "prod" };""", "error", "`principal.environment` may be absent")]
    [InlineData("""forbid(principal in AgentGroup::"finance", action, resource) unless { principal.environment == "prod" };""", "", "")]
    [InlineData("""forbid(principal in AgentGroup::"readers", action, resource) unless { principal.environment == "prod" };""", "error", "may be absent")]
    [InlineData("""forbid(principal == Agent::"corp:billing", action, resource) when { principal.labels["cost center"] == "8" };""", "", "")]
    [InlineData("""forbid(principal == Agent::"corp:audit", action, resource) when { principal.labels["cost center"] == "8" };""", "error", "may be absent")]
    [InlineData("""forbid(principal == Agent::"corp:stranger", action, resource) when { principal.labels.environment == "x" };""", "error", "may be absent")]
    // Claims
    [InlineData("""permit(principal, action, resource) when { principal.claims has groups && principal.claims.groups.contains("ops") };""", "", "")]
    [InlineData("""permit(principal, action, resource) when { principal.claims.groups.contains("ops") };""", "warning", "`principal.claims.groups` may be absent")]
    [InlineData("""permit(principal, action, resource) when { principal.claims has groups && principal.claims.groups == "ops" };""", "error", "(the claim `groups` is taken for Set<String>; if it is something else, write its type in Gateway:Identity:ClaimTypes)")]
    [InlineData("""permit(principal, action, resource) when { principal.claims has org && principal.claims.org.id == "acme" };""", "", "")]
    [InlineData("""permit(principal, action, resource) when { principal.claims has grups || true };""", "warning", "never has an attribute `grups`, did you mean `groups`?")]
    [InlineData("""permit(principal, action, resource) when { principal.labels.cost_center == "7" };""", "error", "did you mean `cost center`?")]
    public void Check_Policy_FindsWhatIsWrongAndHowBadItIs(string policy, string kind, string message)
    {
        var findings = Check(Vocabularies.Usual, policy);

        if (kind.Length == 0)
        {
            Assert.Empty(findings);
            return;
        }

        var finding = Assert.Single(findings);
        Assert.Equal(kind == "warning", finding.IsWarning);
        Assert.StartsWith("p.cedar:1:", finding.Text, StringComparison.Ordinal);
        Assert.Contains($": {kind}: policy `policy0`: ", finding.Text, StringComparison.Ordinal);
        Assert.Contains(message, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SeveralPolicies_ReportsInTheOrderOfTheFile()
    {
        var findings = Check(Vocabularies.Usual, """
            permit(principal, action, resource == Tool::"nope");
            permit(principal, action == Action::"nope", resource);
            permit(principal in AgentGroup::"nope", action, resource);
            """);

        Assert.Equal([1, 2, 3], findings.Select(f => int.Parse(f.Text.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray());
    }

    private static IReadOnlyList<PolicyFinding> Check(PolicyVocabulary vocabulary, string text)
    {
        var policies = PolicySet.Parse(text, "p.cedar").GetValueOrThrow();
        return new PolicyChecker(vocabulary, PolicySchema.Create(vocabulary, policies)).Check(policies);
    }
}
