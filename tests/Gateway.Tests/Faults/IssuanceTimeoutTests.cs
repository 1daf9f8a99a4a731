using System.Net;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Faults;

/// <summary>Vault issues and its answer comes too late or never, while tasks go on and end: what nobody knows of dies with its task's token.</summary>
public sealed class IssuanceTimeoutTests
{
    private const int TasksAtOnce = 60;
    private const int Timeout = 1000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Issue_AnswerTooLate_LeavesNoLeaseBeyondItsTask()
    {
        var random = new FaultRandom();
        await using var scene = await FaultScene.StartAsync(random, vaultTimeout: "00:00:01");
        var orphans = 0;
        for (var round = 1; orphans < FaultRandom.Rounds; round++)
        {
            Assert.True(round <= 5 + FaultRandom.Rounds, $"Hardly any answer was late: {orphans}.");
            var name = $"seed {random.Seed}, round {round}";

            // The gateway logs in and waits for nobody; the issuer is asked by all of them before the first failure.
            var tasks = await Task.WhenAll(Enumerable.Range(0, TasksAtOnce).Select(_ => scene.StartTaskAsync()));
            scene.IssuancePause = 3 * Timeout;
            await Task.WhenAll(tasks.Select(task => Task.Run(() => InterruptAsync(scene, task, random), Stop)));
            scene.IssuancePause = 0;

            await scene.SettledAsync(name);
            await FaultReceipts.AssertTrueAsync(scene, tasks, name);
            orphans += tasks.Sum(t => scene.LeasesOf(t).Count(l => !l.IsRevoked));
            await Eventually.TrueAsync(async () => await WorksAsync(scene), () => $"{name}: the tool does not recover.", Stop);
        }

        await FaultReceipts.AssertNothingLeftAsync(scene);
    }

    /// <summary>Calls, and ends the task before, at or after the time-out.</summary>
    private static async Task InterruptAsync(FaultScene scene, FaultTask task, FaultRandom random)
    {
        var call = scene.CallAsync(FaultScene.VaultTool, task);
        await Task.Delay(random.Next(2 * Timeout), Stop);
        await scene.EndTaskAsync(task);
        Assert.Contains(await call, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.ServiceUnavailable]);
    }

    /// <summary>Failures have the gateway leave the issuer alone for a while.</summary>
    private static async Task<bool> WorksAsync(FaultScene scene)
    {
        var task = await scene.StartTaskAsync();
        var status = await scene.CallAsync(FaultScene.VaultTool, task);
        await scene.EndTaskAsync(task);
        return status == HttpStatusCode.OK;
    }
}
