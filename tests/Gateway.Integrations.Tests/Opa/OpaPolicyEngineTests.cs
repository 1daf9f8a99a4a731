using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Integrations.Tests.DecisionPoints;

namespace Gateway.Integrations.Tests.Opa;

public sealed class OpaPolicyEngineTests : PolicyEngineTests
{
    [Fact]
    public async Task Decide_Question_IsTheVocabularyAsInput()
    {
        await using var server = await PolicyServer.StartAsync("""{"result":true}""");

        await Asking.Opa(server.Url + "/").DecideAsync(Asking.Request, TestContext.Current.CancellationToken);

        var (target, headers, body) = Assert.Single(server.Requests);
        Assert.Equal("POST /v1/data/gateway/allow?provenance=true", target);
        Assert.StartsWith("application/json", headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(Asking.Call, headers["X-Request-ID"]);
        Assert.DoesNotContain("Authorization", headers.Keys);
        Assert.DoesNotContain("traceparent", headers.Keys);
        var expected = JsonSerializer.Deserialize<JsonElement>("""
            {"input":{
              "principal":{"type":"Agent","id":"corp:billing","groups":["finance"],"issuer":"corp","method":"jwt","proofOfPossession":false,
                           "environment":"prod","labels":{"environment":"prod"},"claims":{"department":"finance"}},
              "action":{"type":"Action","id":"orders/orders.get","parents":["orders/*","read"]},
              "resource":{"type":"Tool","id":"orders","groups":["sales"],"labels":{"sensitivity":"internal"},"host":"orders.example"},
              "context":{"request":{"method":"GET","path":"/v1/orders/42","query":"open=true","contentLength":0,"sourceIp":"10.8.3.17"},
                         "params":{"id":"42"},"now":"1970-01-01T00:00:00Z","intent":"look up an order",
                        "history":{"callsLastMinute":0,"callsLastHour":0,"deniedLastHour":0,"toolsLastHour":[]}}}}
            """);
        Assert.True(JsonElement.DeepEquals(expected, body), body.GetRawText());
    }

    [Fact]
    public async Task Decide_True_AllowsUnderTheRulesName()
    {
        var decision = await DecideAsync("""{"result":true,"decision_id":"d-1","provenance":{"version":"1.0","bundles":{"b":{"revision":"r2"},"a":{"revision":"r1"},"c":{}}}}""");

        Assert.True(decision.Permitted);
        Assert.Equal(["gateway/allow"], decision.Policies);
        Assert.Equal("d-1", decision.DecisionId);
        Assert.Equal("a=r1, b=r2", decision.PolicyVersion);
        Assert.Empty(decision.Errors);
    }

    [Fact]
    public async Task Decide_BundleWithoutAName_VersionIsItsRevision() =>
        Assert.Equal("r7", (await DecideAsync("""{"result":true,"provenance":{"revision":"r7"}}""")).PolicyVersion);

    [Fact]
    public async Task Decide_Object_ObligationsOfAPermitAreTaken()
    {
        var decision = await DecideAsync("""
            {"result":{"allow":true,"policies":["p1","p2"],"advice":"no","credential":"other","scope":"read write","lifetime":"5m","noise":[{}]}}
            """);

        Assert.True(decision.Permitted);
        Assert.Equal(["p1", "p2"], decision.Policies);
        Assert.Equal(("other", "read write", TimeSpan.FromMinutes(5)), (decision.Credential, decision.Scope, decision.Lifetime));
        Assert.Null(decision.Advice);
    }

    [Fact]
    public async Task Decide_NullMembers_CountAsAbsent()
    {
        var decision = await DecideAsync("""{"result":{"allow":true,"policies":null,"advice":null,"credential":null,"scope":null,"lifetime":null}}""");

        Assert.True(decision.Permitted);
        Assert.Null(decision.Credential);
        Assert.Null(decision.Scope);
        Assert.Null(decision.Lifetime);
    }

    [Fact]
    public async Task Decide_LifetimeInSeconds_IsTaken() =>
        Assert.Equal(TimeSpan.FromSeconds(90), (await DecideAsync("""{"result":{"allow":true,"lifetime":90}}""")).Lifetime);

    [Fact]
    public async Task Decide_DenyWithAdvice_IsOneBoundedLineOfPlainText()
    {
        var decision = await DecideAsync("""{"result":{"allow":false,"policies":["p"],"advice":" ask\r\nthe\u001b[31m team\u202e ","scope":"x"},"decision_id":"a\nb"}""");

        Assert.False(decision.Permitted);
        Assert.Equal("ask the?[31m team?", decision.Advice);
        Assert.Equal("a?b", decision.DecisionId);
        Assert.Null(decision.Scope);
        Assert.Equal(512, (await DecideAsync($$$"""{"result":{"allow":false,"advice":"{{{new string('x', 9000)}}}"}}""")).Advice!.Length);
        Assert.Equal(128, (await DecideAsync($$"""{"result":false,"decision_id":"{{new string('x', 9000)}}"}""")).DecisionId!.Length);
    }

    [Fact]
    public async Task Decide_False_Denies()
    {
        var decision = await DecideAsync("""{"result":false}""");

        Assert.False(decision.Permitted);
        Assert.Empty(decision.Errors);
        Assert.Null(decision.DecisionId);
        Assert.Equal("", decision.PolicyVersion);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"decision_id":"d-1","warning":{"code":"api_usage_warning"}}""")]
    [InlineData("""{"result":{}}""")]
    [InlineData("""{"result":{"Allow":true}}""")]
    public async Task Decide_Undefined_DeniesAndSaysSo(string answer)
    {
        var decision = await DecideAsync(answer);

        Assert.False(decision.Permitted);
        Assert.Contains("undefined", Assert.Single(decision.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"result":null}""")]
    [InlineData("""{"result":"true"}""")]
    [InlineData("""{"result":1}""")]
    [InlineData("""{"result":[true]}""")]
    [InlineData("""{"result":{"allow":"true"}}""")]
    [InlineData("""{"result":{"allow":null}}""")]
    [InlineData("""{"result":{"allow":{"allow":true}}}""")]
    [InlineData("""{"result":{"allow":true,"policies":"p"}}""")]
    [InlineData("""{"result":{"allow":true,"policies":[1]}}""")]
    [InlineData("""{"result":{"allow":true,"advice":1}}""")]
    [InlineData("""{"result":{"allow":true,"credential":""}}""")]
    [InlineData("""{"result":{"allow":true,"credential":"a\nb"}}""")]
    [InlineData("""{"result":{"allow":true,"credential":["a"]}}""")]
    [InlineData("""{"result":{"allow":true,"scope":["read"]}}""")]
    [InlineData("""{"result":{"allow":true,"scope":""}}""")]
    [InlineData("""{"result":{"allow":true,"scope":"a\r\nb"}}""")]
    [InlineData("""{"result":{"allow":true,"scope":"a\"b"}}""")]
    [InlineData("""{"result":{"allow":true,"lifetime":0}}""")]
    [InlineData("""{"result":{"allow":true,"lifetime":-1}}""")]
    [InlineData("""{"result":{"allow":true,"lifetime":1.5}}""")]
    [InlineData("""{"result":{"allow":true,"lifetime":86401}}""")]
    [InlineData("""{"result":{"allow":true,"lifetime":"soon"}}""")]
    [InlineData("""{"result":{"allow":true,"lifetime":true}}""")]
    [InlineData("""{"result":true,"result":true}""")]
    [InlineData("""{"result":{"allow":false,"allow":true}}""")]
    [InlineData("""[{"result":true}]""")]
    [InlineData("""{"result":true}{"result":true}""")]
    [InlineData("""{"result":true,}""")]
    [InlineData("{\"result\":true,\"a\":\"\xff\"}")]
    [InlineData("""{"result":true,"decision_id":"\ud800"}""")]
    [InlineData("true")]
    [InlineData("<html>result: true</html>")]
    [InlineData("")]
    public Task Decide_MalformedAnswer_DeniesWithTheCause(string answer) => AssertMalformedAsync(answer);

    [Theory]
    [InlineData("""{"result":true,"decision_id":7,"provenance":[1]}""")]
    [InlineData("""{"result":true,"decision_id":"","provenance":{"bundles":{"a":"r","b":{"revision":1}}}}""")]
    public async Task Decide_OddAnnotations_DoNotChangeTheDecision(string answer)
    {
        var decision = await DecideAsync(answer);

        Assert.True(decision.Permitted);
        Assert.Null(decision.DecisionId);
        Assert.Equal("", decision.PolicyVersion);
    }

    [Fact]
    public async Task Decide_DeepAnswer_Denies() =>
        Assert.False((await DecideAsync($$"""{"result":true,"a":{{new string('[', 40)}}{{new string(']', 40)}}}""")).Permitted);

    private protected override IPolicyEngine Engine(string url) => Asking.Opa(url);
}
