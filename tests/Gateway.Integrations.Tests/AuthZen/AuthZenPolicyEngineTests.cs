using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Integrations.Tests.DecisionPoints;

namespace Gateway.Integrations.Tests.AuthZen;

public sealed class AuthZenPolicyEngineTests : PolicyEngineTests
{
    [Fact]
    public async Task Decide_Question_IsAnAccessEvaluationRequest()
    {
        await using var server = await PolicyServer.StartAsync("""{"decision":true}""");

        await Asking.AuthZen(server.Url + "/pdp").DecideAsync(Asking.Request, TestContext.Current.CancellationToken);

        var (target, headers, body) = Assert.Single(server.Requests);
        Assert.Equal("POST /pdp/access/v1/evaluation", target);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.Equal(Asking.Call, headers["X-Request-ID"]);
        var expected = JsonSerializer.Deserialize<JsonElement>("""
            {"subject":{"type":"Agent","id":"corp:billing","properties":{"groups":["finance"],"issuer":"corp","method":"jwt","proofOfPossession":false,
                        "environment":"prod","labels":{"environment":"prod"},"claims":{"department":"finance"}}},
             "action":{"name":"orders/orders.get","properties":{"parents":["orders/*","read"]}},
             "resource":{"type":"Tool","id":"orders","properties":{"groups":["sales"],"labels":{"sensitivity":"internal"},"host":"orders.example"}},
             "context":{"request":{"method":"GET","path":"/v1/orders/42","query":"open=true","contentLength":0,"sourceIp":"10.8.3.17"},
                        "params":{"id":"42"},"now":"1970-01-01T00:00:00Z","intent":"look up an order",
                        "history":{"callsLastMinute":0,"callsLastHour":0,"deniedLastHour":0,"toolsLastHour":[]}}}
            """);
        Assert.True(JsonElement.DeepEquals(expected, body), body.GetRawText());
    }

    [Theory]
    [InlineData("""{"decision":true}""")]
    [InlineData("""{"decision":true,"context":{"id":7,"reason_user":[1],"reason_admin":{"en":{}}},"other":null}""")]
    [InlineData("""{"decision":true,"context":"odd"}""")]
    public async Task Decide_True_Allows(string answer)
    {
        var decision = await DecideAsync(answer);

        Assert.True(decision.Permitted);
        Assert.Null(decision.DecisionId);
        Assert.Null(decision.Advice);
        Assert.Null(decision.Explanation);
        Assert.Empty(decision.Errors);
    }

    [Fact]
    public async Task Decide_False_IdAndReasonsAreTaken()
    {
        var decision = await DecideAsync("""
            {"decision":false,"context":{"id":"0\n1","reason_admin":{"403":"Request failed policy C076E82F"},
             "reason_user":{"es":"Privilegios insuficientes","en-403":"Insufficient\tprivileges"}}}
            """);

        Assert.False(decision.Permitted);
        Assert.Equal("0?1", decision.DecisionId);
        Assert.Equal("Request failed policy C076E82F", decision.Explanation);
        Assert.Equal("Insufficient privileges", decision.Advice);
        Assert.Empty(decision.Errors);
    }

    [Fact]
    public async Task Decide_ReasonAsText_IsForTheRecordOnly()
    {
        var decision = await DecideAsync("""{"decision":false,"context":{"reason":"no_policies"}}""");

        Assert.Equal("no_policies", decision.Explanation);
        Assert.Null(decision.Advice);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Decision":true}""")]
    [InlineData("""{"decision":"true"}""")]
    [InlineData("""{"decision":1}""")]
    [InlineData("""{"decision":null}""")]
    [InlineData("""{"decision":{"decision":true}}""")]
    [InlineData("""{"decision":false,"decision":true}""")]
    [InlineData("""{"evaluations":[{"decision":true}]}""")]
    [InlineData("true")]
    public Task Decide_MalformedAnswer_DeniesWithTheCause(string answer) => AssertMalformedAsync(answer);

    private protected override IPolicyEngine Engine(string url) => Asking.AuthZen(url);
}
