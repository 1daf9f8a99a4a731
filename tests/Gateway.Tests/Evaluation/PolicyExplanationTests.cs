using System.Net;
using System.Text.Json;
using Gateway.Evaluation;
using Gateway.Hosting;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Evaluation;

/// <summary>What is explained is what the gateway does.</summary>
public sealed class PolicyExplanationTests
{
    private const string Policies = """
        @id("read-acme") permit (principal, action == Action::"api/items.get", resource)
        when { context.request.query == "" && context.params.owner == "acme" };
        @id("ops") permit (principal, action in Action::"create", resource)
        when { principal.claims has groups && principal.claims.groups.contains("ops") };
        @id("others") permit (principal == Agent::"dev:other", action, resource);
        @id("fails") permit (principal, action == Action::"api/DELETE", resource) when { principal.claims.groups.contains("ops") };
        @id("no-drafts") @advice("Drafts are private.") forbid (principal, action, resource) when { context.request.path like "/items/*/drafts" };
        """;

    [Fact]
    public async Task Explanation_OfACall_AgreesWithTheGateway()
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        await using var upstream = await RecordingUpstream.StartAsync();
        var setup = Setup(folder, issuer, upstream.Url);
        await using var gateway = await InProcessGateway.StartAsync(folder, setup);
        foreach (var path in (string[])["/items/acme/1", "/items/acme/1?x=y", "/items/other/1", "/items/acme/drafts", "/items/%61cme/2", "/other"])
        {
            using var response = await gateway.GetAsync("/api" + path, issuer.Token());

            var explanation = Explain(folder, $$"""{ "agent": "dev:worker", "tool": "api", "method": "GET", "path": "{{path}}" }""");
            Assert.Equal(response.StatusCode == HttpStatusCode.OK, explanation.Decision.Permitted);
            if (!explanation.Decision.Permitted)
            {
                Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
                using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                Assert.Equal(explanation.Decision.Policies, problem.RootElement.GetProperty("policies").EnumerateArray().Select(id => id.GetString()));
            }
        }
    }

    [Theory]
    [InlineData("PROPFIND", "/a", HttpStatusCode.OK)]
    [InlineData("PROPFIND", "/secret", HttpStatusCode.Forbidden)]
    [InlineData("MKCOL", "/a", HttpStatusCode.Forbidden)]
    public async Task Explanation_OfAMethodThatPolicyNames_AgreesWithTheGateway(string method, string path, HttpStatusCode status)
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var gateway = await InProcessGateway.StartAsync(folder, Setup(folder, issuer, upstream.Url) with
        {
            Policies = """
                permit (principal, action in [Action::"api/PROPFIND", Action::"api/REPORT"], resource);
                forbid (principal, action == Action::"api/PROPFIND", resource) when { context.request.path == "/secret" };
                """,
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api{path}");
        request.Headers.Authorization = new("Bearer", issuer.Token());

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, Explain(folder, $$"""{ "agent": "dev:worker", "tool": "api", "method": "{{method}}", "path": "{{path}}" }""").Decision.Permitted);
    }

    [Theory]
    [InlineData("GET", "/items/acme/1", "{}", "allow", "read-acme", "")]
    [InlineData("GET", "/items/acme/1?x=y", "{}", "deny", "", "read-acme: condition context.request.query == \"\" | ops: action | others: principal | fails: action")]
    [InlineData("GET", "/items/beta/1", "{}", "deny", "", "read-acme: condition context.params.owner == \"acme\" | ops: action | others: principal | fails: action")]
    [InlineData("POST", "/items", """{ "groups": ["ops"] }""", "allow", "ops", "")]
    [InlineData("POST", "/items", """{ "groups": ["dev"] }""", "deny", "", "ops: condition principal.claims.groups.contains(\"ops\") | read-acme: action | others: principal | fails: action")]
    [InlineData("DELETE", "/items", "{}", "deny", "", "fails: error | read-acme: action | ops: action | others: principal")]
    [InlineData("GET", "/items/acme/drafts", "{}", "deny", "no-drafts", "")]
    public void Create_Request_NamesWhatDecidedAndWhatWasNear(string method, string path, string claims, string decision, string policies, string near)
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        Write(folder, Setup(folder, issuer, "http://127.0.0.1:9"));

        var explanation = Explain(folder, $$"""{ "agent": { "id": "dev:worker", "claims": {{claims}} }, "tool": "api", "method": "{{method}}", "path": "{{path}}" }""");

        Assert.Equal(decision, explanation.Decision.Permitted ? "allow" : "deny");
        Assert.Equal(policies, string.Join(",", explanation.Reasons.Select(policy => policy.Id)));
        Assert.Equal(near, string.Join(" | ", explanation.Near.Select(permit => $"{permit.Policy.Id}: {permit.Failed} {permit.Condition}".TrimEnd())));
        Assert.Equal(method == "DELETE" ? ["fails"] : [], explanation.Errors.Select(error => error.Policy.Id));
        Assert.Equal(policies == "no-drafts" ? "Drafts are private." : null, explanation.Decision.Advice);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""", "task": { "id": "t", "purpose": "export", "remaining": "10m" }, "history": { "deniedLastHour": 1 }""", true)]
    [InlineData(""", "task": { "id": "t", "purpose": "export", "remaining": "4m" }, "history": { "deniedLastHour": 1 }""", false)]
    [InlineData(""", "task": { "id": "t", "purpose": "export", "remaining": "10m" }, "history": { "deniedLastHour": 2 }""", false)]
    public void Create_TaskAndHistory_CountAsTheyDoForACall(string circumstances, bool isPermitted)
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        Write(folder, Setup(folder, issuer, "http://127.0.0.1:9") with
        {
            Policies = """
                permit (principal, action, resource) when {
                  context has task && context.task.purpose == "export" && context.task.remaining >= duration("5m") && context.history.deniedLastHour < 2
                };
                """,
        });

        var explanation = Explain(folder, $$"""{ "agent": "dev:worker", "tool": "api", "method": "GET", "path": "/"{{circumstances}} }""");

        Assert.Equal(isPermitted, explanation.Decision.Permitted);
    }

    private static GatewaySetup Setup(TemporaryFolder folder, WorkloadIssuer issuer, string upstream) => new()
    {
        Identity = issuer.Configure(folder, "groups"),
        Tools = new Dictionary<string, object>
        {
            ["api"] = new { Path = "/api", Upstream = upstream, Credential = "key", Operations = new Dictionary<string, string> { ["items.get"] = "GET /items/{owner}/{id}" } },
        },
        Credentials = new Dictionary<string, object>
        {
            ["key"] = new { Type = "Static", Value = $"file:{folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
        },
        Policies = Policies,
    };

    private static void Write(TemporaryFolder folder, GatewaySetup setup)
    {
        folder.Write("gateway.json", setup.ConfigurationJson(8080, 8081, 0));
        folder.Write("policies/policies.cedar", setup.Policies);
    }

    private static PolicyExplanation Explain(TemporaryFolder folder, string json)
    {
        var result = PlanLoader.Load(new ConfigurationOrigin(folder.Combine("gateway.json"), []), thorough: false);
        Assert.Empty(result.Errors);
        var request = EvaluationRequestReader.Read(json, result.Plan!.Options, Questions.Now, out var problems);
        Assert.Empty(problems);
        return PolicyExplanation.Create(request!, PolicyPlan.CreateEngine(result.Plan).Trace(request!));
    }
}
