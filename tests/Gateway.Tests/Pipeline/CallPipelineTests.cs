using System.Net;
using Gateway.Pipeline;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Tests.Pipeline;

public sealed class CallPipelineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 499)]
    [InlineData(false, 403)]
    public async Task Refuse_RecordsTheStatusThatTheAgentSawIfItSawAny(bool leaves, int status)
    {
        using var folder = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        var stage = new RefusingStage(leaves);
        await using var gateway = await InProcessGateway.StartAsync(
            folder,
            new GatewaySetup
            {
                Identity = issuer.Configure(folder),
                Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = "http://127.0.0.1:9", Credential = "key" } },
                Credentials = new Dictionary<string, object>
                {
                    ["key"] = new { Type = "Static", Value = $"file:{folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
                },
                Policies = """@id("all") permit (principal, action, resource);""",
            },
            services: services => services.Replace(ServiceDescriptor.Singleton<IReadOnlyList<ICallStage>>([stage])));
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var call = gateway.Client.GetAsync("/tool/x", leave.Token);
        await stage.Entered.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        if (leaves)
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        else
        {
            using var response = await call;
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        var logged = Assert.Single(await new CallLog(folder.Combine("audit")).WaitForCountAsync(1, Stop));
        Assert.Equal((status, "policy_denied", "Denied"), (logged.Status(), logged.Reason(), logged.Text("action")));
    }

    /// <summary>Refuses every call, if need be after its agent has gone.</summary>
    private sealed class RefusingStage(bool waits) : ICallStage
    {
        public TaskCompletionSource Entered { get; } = new();

        public async ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            if (waits)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            return Verdict.Refuse(Reason.PolicyDenied, "No.");
        }
    }
}
