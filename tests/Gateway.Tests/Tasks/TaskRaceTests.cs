using System.Collections.Concurrent;
using System.Net;
using Gateway.Core.Tasks;
using Gateway.Hosting;
using Gateway.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Tasks;

/// <summary>A task's end against its calls: what has not started when it returns never does.</summary>
public sealed class TaskRaceTests : IAsyncLifetime
{
    private const int Calls = 64;

    /// <summary>Of real requests; <c>GATEWAY_RACE_ROUNDS</c> demands more, such as the 1,000 that the gate alone takes each time.</summary>
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_RACE_ROUNDS"), out var asked) ? asked : 200;

    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task End_Against64Callers_NoneIsInsideAfterItsReturn()
    {
        var snapshot = _scene.Gateway.Services.GetRequiredService<SnapshotSource>().Current;
        var starter = _scene.Gateway.Services.GetRequiredService<TaskStarter>();
        var ender = _scene.Gateway.Services.GetRequiredService<TaskEnder>();
        for (var round = 0; round < 1000; round++)
        {
            var start = await starter.StartAsync(new TaskQuestion { Agent = "dev:worker", By = "test", Purpose = "race" }, null, snapshot, Stop);
            var task = start.Task!;
            var hasEnded = false;
            var late = 0;
            using var go = new ManualResetEventSlim();
            var callers = Enumerable.Range(0, Calls).Select(i => Task.Run(
                async () =>
                {
                    go.Wait(Stop);
                    while (task.TryEnter(DateTimeOffset.UtcNow))
                    {
                        // The place where a call would reach its upstream: as long as it is inside, the end has not returned.
                        Interlocked.Add(ref late, Volatile.Read(ref hasEnded) ? 1 : 0);
                        if (i % 8 == 0)
                        {
                            await Task.Yield();
                            Interlocked.Add(ref late, Volatile.Read(ref hasEnded) ? 1 : 0);
                        }

                        task.Leave();
                    }
                },
                Stop)).ToArray();
            go.Set();
            await ender.EndAsync(task, TaskEndReason.Completed, null, "operator", Stop);
            Volatile.Write(ref hasEnded, true);
            await Task.WhenAll(callers);

            Assert.Equal((0, 0), (late, task.Gate.Count));
        }
    }

    [Fact]
    public async Task End_Against64Requests_NoneIsForwardedAfterItsReturn()
    {
        var arrived = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        _scene.Upstream.Answer = (request, _) =>
        {
            arrived[request.Target] = true;
            return Task.CompletedTask;
        };
        for (var round = 0; round < Rounds; round++)
        {
            var id = await _scene.StartTaskAsync();
            var task = _scene.Tasks.All.Single(t => t.Id == id);
            using (await _scene.CallAsync($"/api/{round}/first", id))
            {
            }

            var racing = Enumerable.Range(0, Calls).Select(i => OutcomeAsync($"/api/{round}/racing/{i}", id)).ToArray();
            await _scene.EndTaskAsync(id);

            // Nobody is left inside, so whatever the racing calls sent was sent before the return.
            Assert.Equal(0, task.Gate.Count);
            var late = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => OutcomeAsync($"/api/{round}/late/{i}", id)));
            var outcomes = await Task.WhenAll(racing);

            Assert.All(late, outcome => Assert.Equal((HttpStatusCode.Forbidden, true), outcome));
            Assert.All(outcomes, outcome => Assert.True(outcome is (HttpStatusCode.OK, false) or (HttpStatusCode.Forbidden or default(HttpStatusCode), true), $"{outcome}"));
        }

        Assert.Equal(Rounds, arrived.Keys.Count(t => t.EndsWith("/first", StringComparison.Ordinal)));
        Assert.DoesNotContain(arrived.Keys, t => t.Contains("/late/", StringComparison.Ordinal));
        Assert.Equal(Rounds, _scene.Revoked.Count);
    }

    private async Task<(HttpStatusCode Status, bool HasEnded)> OutcomeAsync(string path, string task)
    {
        try
        {
            using var response = await _scene.CallAsync(path, task);
            var text = await response.Content.ReadAsStringAsync(Stop);
            return (response.StatusCode, text.Contains("task_ended", StringComparison.Ordinal));
        }
        catch (HttpRequestException)
        {
            // Cut off while its answer was on the way.
            return (default, true);
        }
    }
}
