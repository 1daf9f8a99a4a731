using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Faults;

/// <summary>
/// The gateway is killed at random moments while many agents obtain, use and end at once, so that every kill meets all of it: what was
/// issued and not used, revocations under way, tasks that are ending. The next process finishes what the one before began.
/// </summary>
public sealed class GatewayKillTests
{
    private const int Agents = 12;

    /// <summary>Two at a time, each with its own gateway.</summary>
    private const int Chains = 2;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AtAnyMoment_LosesNothingAndTellsTheTruth()
    {
        var random = new FaultRandom();
        var kills = FaultRandom.Rounds / Chains;

        var met = await Task.WhenAll(Enumerable.Range(0, Chains).Select(_ => KillRepeatedlyAsync(random, kills)));

        // Each moment at least as often as there were kills, or this test would show less than it says.
        var (unused, revoking, ending) = (met.Sum(m => m.Unused), met.Sum(m => m.Revoking), met.Sum(m => m.Ending));
        Assert.True(unused >= kills * Chains && revoking >= kills * Chains && ending >= kills * Chains, $"unused {unused}, revoking {revoking}, ending {ending}");
    }

    private static async Task<(int Unused, int Revoking, int Ending)> KillRepeatedlyAsync(FaultRandom random, int kills)
    {
        await using var scene = await FaultScene.StartAsync(random);
        var (unused, revoking, ending) = (0, 0, 0);
        for (var round = 1; round <= kills; round++)
        {
            var before = scene.Tasks.Count;
            var known = Issued(scene);
            (scene.IssuancePause, scene.RevocationPause) = (40, 120);
            var agents = Enumerable.Range(0, Agents).Select(_ => Task.Run(() => WorkAsync(scene, random), Stop)).ToArray();
            await Eventually.TrueAsync(() => Task.FromResult(scene.Tasks.Skip(before).Any(t => t.Receipt is not null)), () => $"No task ended.\n{scene.Gateway.Output}", Stop);
            await Task.Delay(random.Next(200), Stop);

            revoking += scene.Revoking;
            await scene.KillGatewayAsync();
            await Task.WhenAll(agents);
            FaultTask[] tasks = [.. scene.Tasks.Skip(before)];
            unused += Issued(scene).Except(known).Count(c => !scene.Used.ContainsKey(c));
            ending += tasks.Count(t => t.IsEnding);

            (scene.IssuancePause, scene.RevocationPause) = (0, 0);
            await scene.StartGatewayAsync();
            var name = $"seed {random.Seed}, kill {round}";
            await scene.SettledAsync(name);
            await FaultReceipts.AssertTrueAsync(scene, tasks, name);
        }

        await FaultReceipts.AssertNothingLeftAsync(scene);
        return (unused, revoking, ending);
    }

    private static string[] Issued(FaultScene scene) => [.. scene.Tokens.Keys, .. scene.Vault.State.Leases.Select(FaultScene.UserOf)];

    private static async Task WorkAsync(FaultScene scene, FaultRandom random)
    {
        try
        {
            while (true)
            {
                var task = await scene.StartTaskAsync();
                for (var calls = random.Next(3); calls >= 0; calls--)
                {
                    await scene.CallAsync(random.Next(2) == 0 ? FaultScene.VaultTool : FaultScene.TokenTool, task);
                }

                await scene.EndTaskAsync(task);
            }
        }
        catch (Exception killed) when (killed is HttpRequestException or IOException)
        {
            return;
        }
    }
}
