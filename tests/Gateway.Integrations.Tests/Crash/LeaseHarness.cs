using Gateway.Core.Credentials;

namespace Gateway.Integrations.Tests.Crash;

/// <summary>The process to kill: obtains leases for tasks, uses them and ends the tasks, as fast as it can.</summary>
internal static class LeaseHarness
{
    public const string Verb = "--lease-harness";
    public const string Ready = "ready";

    public static async Task WorkUntilKilledAsync(string dataDirectory, Uri issuer)
    {
        await using var parts = new LeaseParts(dataDirectory, issuer);
        await parts.StartAsync(CancellationToken.None);
        using var upstream = new HttpClient { BaseAddress = issuer };
        await RunTaskAsync(parts, upstream);
        Console.WriteLine(Ready);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            while (true)
            {
                await RunTaskAsync(parts, upstream);
            }
        }));
    }

    private static async Task RunTaskAsync(LeaseParts parts, HttpClient upstream)
    {
        var task = Guid.NewGuid().ToString("N");
        var end = TimeProvider.System.GetUtcNow().AddMinutes(10);
        for (var i = 0; i < Random.Shared.Next(1, 4); i++)
        {
            var key = new LeaseKey($"agent-{i}", task, "tool", "partner", "");
            var result = await parts.Store.AcquireAsync(key, parts.Definition, null, end, CancellationToken.None);
            await Task.Delay(Random.Shared.Next(20)); // a wide gap between issue and use, to be killed in
            if (result.Reference is { } reference && parts.Store.TryGet(reference, out var lease))
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"use?lease={lease.Id}&task={task}");
                lease.ApplyTo(request);
                using var response = await upstream.SendAsync(request, CancellationToken.None);
            }
        }

        if (Random.Shared.Next(4) > 0)
        {
            await parts.Store.SettleTaskAsync(task, TimeSpan.FromMilliseconds(Random.Shared.Next(50)), CancellationToken.None);
        }
    }
}
