using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Hosting;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Tests.Hosting;

/// <summary>Calls through a gateway whose policy is another server's.</summary>
public sealed class DecisionPointTests
{
    private const string Undecided = "Policy cannot be asked at the moment, so the call is denied; try again later.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OpaAllows_IsMadeAndTheDecisionIsRecorded()
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa });
        scene.Answer("""{"result":{"allow":true,"policies":["reading"]},"decision_id":"d-1","provenance":{"bundles":{"authz":{"revision":"r1"}}}}""");
        var token = scene.Issuer.Token();

        using var response = await scene.Gateway.GetAsync("/tool/things/7?open=true", token, ("Gateway-Intent", "look"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"Bearer {scene.Key}", scene.Upstream.Single.Value("Authorization"));
        var question = scene.Server.Single;
        Assert.Equal("/v1/data/gateway/decision?provenance=true", question.Target);
        Assert.Equal($"Bearer {scene.ServerToken}", question.Value("Authorization"));
        Assert.Equal(response.CallId(), question.Value("X-Request-ID"));
        Assert.DoesNotContain(token, question.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(scene.Key, question.ToString(), StringComparison.Ordinal);
        var input = JsonSerializer.Deserialize<JsonElement>(question.Body).GetProperty("input");
        Assert.Equal(WorkloadIssuer.AgentId(), input.Text("principal", "id"));
        Assert.Equal("tool/things", input.Text("action", "id"));
        Assert.Equal("open=true", input.Text("context", "request", "query"));
        Assert.Equal("7", input.Text("context", "params", "id"));
        Assert.Equal("look", input.Text("context", "intent"));

        var record = await scene.RecordAsync(response);
        Assert.Equal("reading", record.Policy());
        Assert.Equal("authz=r1", record.Text("policy", "version"));
        Assert.Equal("d-1", record.Text("unmapped", "gateway", "decision_id"));
        Assert.Equal(HealthStatus.Healthy, (await scene.HealthAsync()).Status);
    }

    [Fact]
    public async Task Call_OpaDenies_AdviceIsToldAndRecorded()
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa });
        scene.Answer("""{"result":{"allow":false,"policies":["office-hours"],"advice":"Come back\non Monday."},"decision_id":"d-2"}""");

        using var response = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());

        var problem = await Problem.AssertAsync(response, HttpStatusCode.Forbidden, "policy_denied", Stop);
        Assert.Equal("Come back on Monday.", problem.Text("detail"));
        Assert.Equal("office-hours", problem.GetProperty("policies")[0].GetString());
        var record = await scene.RecordAsync(response);
        Assert.Equal("policy_denied", record.Reason());
        Assert.Equal("office-hours", record.Policy());
        Assert.Equal("d-2", record.Text("unmapped", "gateway", "decision_id"));
        Assert.Empty(scene.Upstream.Requests);
        Assert.Equal(HealthStatus.Healthy, (await scene.HealthAsync()).Status);
    }

    [Fact]
    public async Task Call_AgentLeavesBeforeTheDecision_IsRecordedAsNotAllowed()
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa });
        var asked = new TaskCompletionSource();
        scene.Server.Answer = async (_, context) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tool/x");
        request.Headers.Add("Gateway-Identity", scene.Issuer.Token());

        var call = scene.Gateway.Client.SendAsync(request, leave.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var logged = Assert.Single(await new CallLog(scene.Folder.Combine("audit")).WaitForCountAsync(1, Stop));
        Assert.Equal(("Denied", "Error", 499, false), (logged.Text("action"), logged.Disposition(), logged.Status(), logged.Forwarded()));
        Assert.Empty(scene.Upstream.Requests);
    }

    [Fact]
    public async Task Call_OpaChoosesTheCredential_ItIsInjected()
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa });
        scene.Answer("""{"result":{"allow":true,"credential":"other"}}""");

        using var response = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());
        scene.Answer("""{"result":{"allow":true,"credential":"unheard-of"}}""");
        using var refused = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());

        Assert.Equal($"Bearer {scene.OtherKey}", scene.Upstream.Single.Value("Authorization"));
        await Problem.AssertAsync(refused, HttpStatusCode.ServiceUnavailable, "credential_unavailable", Stop);
    }

    [Theory]
    [InlineData("", 200, "undefined", "No policy permits this call.", HealthStatus.Healthy)]
    [InlineData("{\"result\":1}", 200, "not what its protocol demands", Undecided, HealthStatus.Degraded)]
    [InlineData("garbage", 200, "not a JSON object", Undecided, HealthStatus.Degraded)]
    [InlineData("{\"result\":true}", 500, "answered with status 500", Undecided, HealthStatus.Degraded)]
    public async Task Call_OpaDoesNotDecide_IsDeniedWithTheCauseInTheRecordAndRecovers(string answer, int status, string cause, string detail, HealthStatus health)
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa });
        scene.Answer(answer.Length == 0 ? "{}" : answer, status);

        using var response = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());

        var problem = await Problem.AssertAsync(response, HttpStatusCode.Forbidden, "policy_denied", Stop);
        Assert.Equal(detail, problem.Text("detail"));
        var record = await scene.RecordAsync(response);
        Assert.Contains(cause, record.GetProperty("unmapped").GetProperty("gateway").GetProperty("policy_errors")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(cause, record.Text("status_detail"), StringComparison.Ordinal);
        Assert.Equal(health, (await scene.HealthAsync()).Status);

        scene.Answer("""{"result":true}""");
        using var recovered = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());
        Assert.Equal(HttpStatusCode.OK, recovered.StatusCode);
        Assert.Equal(HealthStatus.Healthy, (await scene.HealthAsync()).Status);
    }

    [Theory]
    [InlineData("{\"result\":false}", 200, 0)]
    [InlineData("{}", 503, 1)]
    public async Task Call_Observed_IsMadeAndTheDenyIsRecorded(string answer, int status, int errors)
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", Mode = "Observe", s.Opa });
        scene.Answer(answer, status);

        using var response = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(scene.Upstream.Requests);
        var gateway = (await scene.RecordAsync(response)).GetProperty("unmapped").GetProperty("gateway");
        Assert.Equal("deny", gateway.Text("decision"));
        Assert.Equal("observe", gateway.Text("policy_mode"));
        Assert.Equal(errors, gateway.TryGetProperty("policy_errors", out var list) ? list.GetArrayLength() : 0);
    }

    [Fact]
    public async Task Call_AuthZenDecides_IsMadeOrRefused()
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "AuthZen", s.AuthZen });
        scene.Answer("""{"decision":true,"context":{"id":"e-1"}}""");
        using var allowed = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());
        scene.Answer("""{"decision":false,"context":{"id":"e-2","reason_admin":{"en":"Policy C076E82F"},"reason_user":{"en":"Ask your administrator."}}}""");
        using var denied = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal("/access/v1/evaluation", scene.Server.Requests.First().Target);
        Assert.Equal("e-1", (await scene.RecordAsync(allowed)).Text("unmapped", "gateway", "decision_id"));
        var problem = await Problem.AssertAsync(denied, HttpStatusCode.Forbidden, "policy_denied", Stop);
        Assert.Equal("Ask your administrator.", problem.Text("detail"));
        Assert.DoesNotContain("C076E82F", problem.GetRawText(), StringComparison.Ordinal);
        var record = await scene.RecordAsync(denied);
        Assert.Equal("Policy C076E82F", record.Text("status_detail"));
        Assert.Equal("e-2", record.Text("unmapped", "gateway", "decision_id"));
    }

    [Fact]
    public async Task Reload_EngineChanges_EveryCallIsDecidedByOneOfThem()
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa });
        scene.Answer("""{"result":true}""");
        var token = scene.Issuer.Token();
        var stopping = false;
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var seen = new HashSet<HttpStatusCode>();
            while (!Volatile.Read(ref stopping))
            {
                using var response = await scene.Gateway.GetAsync("/tool/x", token);
                seen.Add(response.StatusCode);
            }

            return seen;
        }).Prepend(SwitchAsync()));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], answers.SelectMany(a => a).Distinct().Order());

        async Task<HashSet<HttpStatusCode>> SwitchAsync()
        {
            try
            {
                var seen = new HashSet<HttpStatusCode>();
                for (var i = 0; i < 20; i++)
                {
                    var embedded = i % 2 == 0;
                    await ReloadAsync(scene, embedded ? new { Engine = "Cedar", scene.Opa } : new { Engine = "Opa", scene.Opa });
                    using var response = await scene.Gateway.GetAsync("/tool/x", token);
                    Assert.Equal(embedded ? HttpStatusCode.Forbidden : HttpStatusCode.OK, response.StatusCode);
                    seen.Add(response.StatusCode);
                }

                return seen;
            }
            finally
            {
                Volatile.Write(ref stopping, true);
            }
        }
    }

    [Fact]
    public async Task Reload_DecisionPointUnchanged_KeepsItsStateAndSeesTheNewVocabulary()
    {
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa });
        scene.Answer("{}", 500);
        using var before = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());
        Assert.Equal(HealthStatus.Degraded, (await scene.HealthAsync()).Status);

        var setup = scene.Setup(new { Engine = "Opa", Mode = "Observe", scene.Opa });
        await ReloadAsync(scene, setup with
        {
            Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = scene.Upstream.Url, Credential = "key", Groups = (string[])["new"] } },
        });

        Assert.Equal(HealthStatus.Degraded, (await scene.HealthAsync()).Status);
        using var after = await scene.Gateway.GetAsync("/tool/x", scene.Issuer.Token());
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        var resource = JsonSerializer.Deserialize<JsonElement>(scene.Server.Requests.Last().Body).GetProperty("input").GetProperty("resource");
        Assert.Equal("new", resource.GetProperty("groups")[0].GetString());

        await ReloadAsync(scene, new { Directory = "policies" });
        Assert.Equal(HealthStatus.Healthy, (await scene.HealthAsync()).Status);
    }

    [Theory]
    [InlineData(200, "{{\"result\":{{\"allow\":true,\"note\":\"{0}\"}},\"metrics\":\"{0}\"}}")]
    [InlineData(200, "{{\"result\":\"{0}\"}}")]
    [InlineData(200, "{0}")]
    [InlineData(500, "{{\"code\":\"internal_error\",\"message\":\"{0}\"}}")]
    [InlineData(302, "{0}")]
    public async Task Secrets_AndTheServersBody_AppearNowhere(int status, string form)
    {
        using var telemetry = new CapturedTelemetry();
        using var logs = new CapturedLogs();
        await using var scene = await DecisionPointScene.StartAsync(s => new { Engine = "Opa", s.Opa }, logs);
        var body = Canary.New("body");
        scene.Answer(string.Format(null, form, body), status);
        var token = scene.Issuer.Token();

        using var response = await scene.Gateway.GetAsync("/tool/x", token);
        var received = $"{response.ReasonPhrase} {response.Headers}{response.Content.Headers}{Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(Stop))}";
        await scene.RecordAsync(response);

        foreach (var secret in (string[])[body, scene.ServerToken, scene.Key, token])
        {
            Canary.AssertAbsent(secret, received, "The answer");
            Canary.AssertAbsent(secret, logs.ToString(), "The log at Trace");
            Canary.AssertAbsent(secret, telemetry.ToString(), "Telemetry");
            Canary.AssertAbsentFromFolder(secret, scene.Folder.Path);
        }

        // Proof that the nets were out.
        Assert.Contains(scene.ServerToken, scene.Server.Single.ToString(), StringComparison.Ordinal);
        Assert.Contains("Trace", logs.ToString(), StringComparison.Ordinal);
    }

    private static Task ReloadAsync(DecisionPointScene scene, object policy) => ReloadAsync(scene, scene.Setup(policy));

    private static async Task ReloadAsync(DecisionPointScene scene, GatewaySetup setup)
    {
        scene.Folder.Write("gateway.json", setup.ConfigurationJson(FreePort.Next(), FreePort.Next(), 0));
        var result = PlanLoader.Load(new ConfigurationOrigin(scene.Folder.Combine("gateway.json"), []), thorough: false);
        Assert.Empty(result.Errors);
        await scene.Gateway.Services.GetRequiredService<RuntimeConfiguration>().ReplaceAsync(result.Plan!, Stop);
    }
}
