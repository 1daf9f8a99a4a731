using System.Net;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Faults;

/// <summary>Vault goes down while tasks end, loses answers to what it did, and comes back later, sometimes to another gateway process.</summary>
public sealed class VaultOutageTests
{
    private const int TasksAtOnce = 40;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task End_VaultDown_IsQueuedAndConfirmedOnceItIsBack()
    {
        var random = new FaultRandom();
        await using var scene = await FaultScene.StartAsync(random);
        var queued = 0;
        for (var round = 1; queued < FaultRandom.Rounds; round++)
        {
            Assert.True(round <= 10 + FaultRandom.Rounds, $"Vault was hardly ever missed: {queued} of {round * TasksAtOnce} tasks.");
            var name = $"seed {random.Seed}, outage {round}";
            var tasks = await Task.WhenAll(Enumerable.Range(0, TasksAtOnce).Select(_ => BeginAsync(scene)));
            var ends = tasks.Select(task => Task.Run(
                async () =>
                {
                    await Task.Delay(random.Next(400), Stop);
                    await scene.EndTaskAsync(task);
                    AssertNotBeautified(scene, task, name);
                },
                Stop)).ToArray();
            await Task.Delay(random.Next(200), Stop);
            scene.IsVaultDown = true;
            await Task.WhenAll(ends);
            queued += tasks.Count(t => t.Receipt!.Value.GetProperty("leases").EnumerateArray().Any(l => l.Text("revocation") == "queued"));

            if (round % 2 == 0)
            {
                await scene.KillGatewayAsync();
                await scene.StartGatewayAsync();
            }

            await Task.Delay(random.Next(300), Stop);
            scene.IsVaultDown = false;
            await scene.SettledAsync(name);
            await FaultReceipts.AssertTrueAsync(scene, tasks, name);
        }

        await FaultReceipts.AssertNothingLeftAsync(scene);
    }

    private static async Task<FaultTask> BeginAsync(FaultScene scene)
    {
        var task = await scene.StartTaskAsync();
        Assert.Equal(HttpStatusCode.OK, await scene.CallAsync(FaultScene.VaultTool, task));
        Assert.Equal(HttpStatusCode.OK, await scene.CallAsync(FaultScene.TokenTool, task));
        return task;
    }

    /// <summary>A receipt of the outage may say less than Vault knows, since answers were lost, but never more.</summary>
    private static void AssertNotBeautified(FaultScene scene, FaultTask task, string round)
    {
        var confirmed = task.Receipt!.Value.GetProperty("leases").EnumerateArray()
            .Count(l => l.Text("credential") == FaultScene.VaultTool && l.Text("revocation") == "confirmed");
        Assert.True(confirmed <= scene.LeasesOf(task).Count(l => l.IsRevoked), $"{round}: {task.Receipt}");
    }
}
