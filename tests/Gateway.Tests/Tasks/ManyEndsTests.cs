using Gateway.Core.Credentials;
using Gateway.Core.Tasks;
using Gateway.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Tasks;

/// <summary>Tasks that end together wait for nothing one after the other.</summary>
public sealed class ManyEndsTests : IAsyncLifetime
{
    private const int Count = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GatheringStore _store = new(Count);
    private readonly List<AgentTask> _started = [];
    private TaskScene _scene = null!;
    private TaskRegistry _tasks = null!;
    private LeaseStore _leases = null!;
    private TaskEnder _ender = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _scene = await TaskScene.StartAsync();
        var services = _scene.Gateway.Services;
        _tasks = new TaskRegistry(_store, TimeProvider.System);
        _leases = new LeaseStore(
            TimeProvider.System,
            NullLogger<LeaseStore>.Instance,
            new LeaseStoreOptions(),
            services.GetRequiredService<RevocationBook>(),
            _store,
            services.GetRequiredService<ILeaseJournal>());
        _ender = ActivatorUtilities.CreateInstance<TaskEnder>(services, _tasks, new TaskLeases(_leases, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        await _ender.DisposeAsync();
        _leases.Dispose();
        _tasks.Dispose();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task EndAsync_Tree_IsRememberedAndSettledAtOnce()
    {
        var whole = await StartAsync(parent: null);
        await StartAsync(whole);
        await StartAsync(whole);

        await _ender.EndAsync(whole, TaskEndReason.Completed, null, "dev:worker", Stop).WaitAsync(Patience, Stop);

        Assert.All(_started, t => Assert.True(t.WaitUntilConcludedAsync(Stop).IsCompleted));
    }

    [Fact]
    public async Task SuspendAsync_TasksOfOneAgent_AreRememberedAndSettledAtOnce()
    {
        for (var i = 0; i < Count; i++)
        {
            await StartAsync(parent: null);
        }

        await using var suspender = ActivatorUtilities.CreateInstance<AgentSuspender>(_scene.Gateway.Services, _tasks, _ender);
        Assert.True(AgentPattern.TryParse("dev:worker", out var pattern, out _));

        await suspender.SuspendAsync(pattern, "leak", "tests", Stop).WaitAsync(Patience, Stop);

        Assert.All(_started, t => Assert.Equal(TaskEndReason.Killed, t.End?.Reason));
    }

    private async Task<AgentTask> StartAsync(AgentTask? parent)
    {
        var start = await _tasks.StartAsync(new TaskRequest { Agent = "dev:worker", Purpose = "testing", Parent = parent }, new TaskLimits(), Stop);
        _started.Add(start.Task!);
        return start.Task!;
    }
}
