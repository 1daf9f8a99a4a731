using System.Text.Json;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Faults;

/// <summary>Holds receipts and log to what the servers know.</summary>
internal static class FaultReceipts
{
    /// <summary>Once nothing is owed: every task's receipt is complete and true, and whatever was issued for it is dead.</summary>
    public static async Task AssertTrueAsync(FaultScene scene, IReadOnlyCollection<FaultTask> tasks, string round)
    {
        Assert.True(scene.Faults.IsEmpty, $"{round}: {string.Join(" ", scene.Faults)}");
        foreach (var task in tasks)
        {
            var receipt = await ReceiptAsync(scene, task);
            var leases = receipt.GetProperty("leases").EnumerateArray().ToArray();
            Assert.All(leases, l => Assert.True(l.Text("revocation") == "confirmed", $"{round}: {l}"));

            var issued = scene.LeasesOf(task);
            var used = issued.Count(l => scene.Used.ContainsKey(FaultScene.UserOf(l)));
            Assert.InRange(leases.Count(l => l.Text("credential") == FaultScene.VaultTool), used, issued.Length);
            Assert.True(leases.Length >= scene.Used.Values.Count(u => u.Task == task.Id), $"{round}: a lease of task {task.Id} was used that its receipt does not know.");
            if (leases.All(l => !l.TryGetProperty("usesAreExact", out _)))
            {
                var uses = scene.Used.Values.Where(u => u.Task == task.Id).Sum(u => u.Count);
                Assert.True(leases.Sum(l => l.GetProperty("uses").GetInt64()) >= uses, $"{round}: {receipt} for {uses} uses.");
            }

            // Gone, and not merely ordered to go; an orphan of which no answer came dies with its token.
            Assert.All(issued, l => Assert.True(l.IsRevoked || (l.IsEnding && !scene.Used.ContainsKey(FaultScene.UserOf(l))), $"{round}: a lease of task {task.Id} lives on."));
        }
    }

    /// <summary>After all: nothing lives, nothing was forgotten, nothing was said to have failed.</summary>
    public static async Task AssertNothingLeftAsync(FaultScene scene)
    {
        Assert.Empty(scene.Vault.State.LiveLeases);
        Assert.All(scene.Used.Keys.Where(scene.Tokens.ContainsKey), t => Assert.InRange(scene.Tokens[t], 1, 2)); // the second by the process that could not know
        string[] ended = [.. scene.Tasks.Where(t => t.Receipt is not null).Select(t => t.Id)];
        JsonElement[] Ends() => [.. scene.Gateway.Log.ReadEntities().Where(e => e.Text("activity_name") == "Deactivate")];
        await Eventually.TrueAsync(
            () => Task.FromResult(ended.Except(Ends().Select(e => e.Text("entity", "uid"))).ToArray() is []),
            () => $"The end of {ended.Except(Ends().Select(e => e.Text("entity", "uid"))).First()} is not in the log.",
            TestContext.Current.CancellationToken);
        Assert.All(Ends().CountBy(e => e.Text("entity", "uid") ?? ""), e => Assert.InRange(e.Value, 1, 2)); // the second after a kill between event and note
        Assert.DoesNotContain(scene.Gateway.Log.ReadEntities(), e => e.Text("activity_name") == "Delete" && e.Text("status_detail") == "failed");
    }

    /// <summary>The receipt, of a task that goes on after its end's own first.</summary>
    private static async Task<JsonElement> ReceiptAsync(FaultScene scene, FaultTask task)
    {
        if ((await scene.AdminAsync(HttpMethod.Get, $"/v1/tasks/{task.Id}")).Text("status") == "running")
        {
            Assert.Null(task.Receipt); // what was answered as ended stays so
            await scene.EndTaskAsync(task);
        }

        var receipt = await scene.AdminAsync(HttpMethod.Get, $"/v1/tasks/{task.Id}/receipt");
        if (task.Receipt is { } first)
        {
            Assert.Equal((first.Text("endedAt"), first.Text("reason")), (receipt.Text("endedAt"), receipt.Text("reason")));
        }

        task.Receipt = receipt;
        return receipt;
    }
}
