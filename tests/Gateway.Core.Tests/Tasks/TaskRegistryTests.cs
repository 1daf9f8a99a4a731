using Gateway.Core.Tasks;
using Gateway.Core.Tests.Credentials;

namespace Gateway.Core.Tests.Tasks;

public sealed class TaskRegistryTests : IDisposable
{
    private static readonly TaskLimits Limits = new() { MaxLifetime = TimeSpan.FromHours(1), MaxDelegationDepth = 2, MaxRunning = 5, MaxPerHour = 8 };

    private readonly ManualClock _clock = new();
    private readonly MemoryTaskStore _store = new();
    private readonly TaskRegistry _registry;

    public TaskRegistryTests() => _registry = new TaskRegistry(_store, _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task Start_NoLifetime_GetsTheDefault()
    {
        var task = await StartAsync(Request());

        Assert.Equal(_clock.GetUtcNow() + Limits.DefaultLifetime, task.Definition.ExpiresAt);
        Assert.Matches("^[0-9a-f]{32}$", task.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3601)]
    public async Task Start_LifetimeOutOfBounds_IsRefused(int seconds)
    {
        var start = await _registry.StartAsync(Request() with { Lifetime = TimeSpan.FromSeconds(seconds) }, Limits, Cancellation);

        Assert.False(start.Succeeded);
        Assert.Contains("lifetime", start.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    public async Task Start_PurposeThatCouldForgeALine_IsRefused(string purpose) =>
        Assert.Contains("purpose", (await _registry.StartAsync(Request() with { Purpose = purpose }, Limits, Cancellation)).Problem, StringComparison.Ordinal);

    [Fact]
    public async Task Start_StoreBroken_StartsNothing()
    {
        _store.Broken = true;

        await Assert.ThrowsAsync<StateUnavailableException>(async () => await _registry.StartAsync(Request(), Limits, Cancellation));
        Assert.Empty(_registry.All);
    }

    [Fact]
    public async Task Start_TooManyOfOneAgentRun_IsRefusedAndOthersAreNot()
    {
        for (var i = 0; i < Limits.MaxRunning; i++)
        {
            await StartAsync(Request());
        }

        Assert.Equal(TaskStartProblem.TooMany, (await _registry.StartAsync(Request(), Limits, Cancellation)).Kind);
        Assert.True((await _registry.StartAsync(Request() with { Agent = "corp:other" }, Limits, Cancellation)).Succeeded);
    }

    [Fact]
    public async Task Start_AgentInALoop_CanHoldNoMoreThanItsShareUntilTheyAreForgotten()
    {
        for (var i = 0; i < Limits.MaxPerHour; i++)
        {
            End(await StartAsync(Request()));
        }

        var refused = await _registry.StartAsync(Request(), Limits, Cancellation);
        Assert.Equal(TaskStartProblem.TooMany, refused.Kind);
        Assert.Equal(Limits.MaxPerHour, _registry.All.Count());
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty(_registry.All);
        await StartAsync(Request());
    }

    [Fact]
    public async Task Start_AgentInALoop_IsHeldToItsShareAfterARestartToo()
    {
        for (var i = 0; i < Limits.MaxPerHour; i++)
        {
            var task = await StartAsync(Request());
            End(task);
            await _registry.RememberEndAsync(task, Cancellation);
        }

        using var next = new TaskRegistry(_store, _clock);
        await next.RestoreAsync(Cancellation);

        Assert.Equal(TaskStartProblem.TooMany, (await next.StartAsync(Request(), Limits, Cancellation)).Kind);
    }

    [Fact]
    public async Task Start_PartsForAnotherAgent_CountAsTheStarters()
    {
        var whole = await StartAsync(Request());
        for (var i = 1; i < Limits.MaxRunning; i++)
        {
            await StartAsync(Request() with { Agent = "corp:victim", Parent = whole });
        }

        var more = await _registry.StartAsync(Request() with { Agent = "corp:victim", Parent = whole }, Limits, Cancellation);

        Assert.Equal(TaskStartProblem.TooMany, more.Kind);
        await StartAsync(Request() with { Agent = "corp:victim" });
    }

    [Fact]
    public async Task Start_StoreBroken_CountsForNothing()
    {
        _store.Broken = true;
        for (var i = 0; i < Limits.MaxPerHour; i++)
        {
            await Assert.ThrowsAsync<StateUnavailableException>(async () => await _registry.StartAsync(Request(), Limits, Cancellation));
        }

        _store.Broken = false;
        await StartAsync(Request());
    }

    [Fact]
    public async Task TryEnter_LifetimePassed_IsRefusedBeforeAnyTimerRan()
    {
        var task = await StartAsync(Request() with { Lifetime = TimeSpan.FromMinutes(1) });

        Assert.True(task.TryEnter(_clock.GetUtcNow().AddSeconds(59)));
        Assert.False(task.TryEnter(_clock.GetUtcNow().AddSeconds(60)));
    }

    [Fact]
    public async Task Due_LifetimePassed_NamesTheTask()
    {
        var task = await StartAsync(Request() with { Lifetime = TimeSpan.FromMinutes(1) });

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(_registry.Due.TryRead(out var due));
        Assert.Same(task, due);
    }

    [Fact]
    public async Task Close_Parent_EndsTheTree()
    {
        var parent = await StartAsync(Request());
        var child = await StartAsync(Request() with { Parent = parent, Agent = "corp:child" });
        var grandchild = await StartAsync(Request() with { Parent = child, Agent = "corp:grandchild" });

        var ended = _registry.Close(parent, new TaskEnd(TaskEndReason.Killed, _clock.GetUtcNow()));

        Assert.Equal([parent, child, grandchild], ended);
        Assert.False(grandchild.TryEnter(_clock.GetUtcNow()));
        Assert.Equal(TaskEndReason.Killed, grandchild.End?.Reason);
    }

    [Fact]
    public async Task Close_Twice_TheFirstEndCounts()
    {
        var task = await StartAsync(Request());
        _registry.Close(task, new TaskEnd(TaskEndReason.Completed, _clock.GetUtcNow()));

        Assert.Empty(_registry.Close(task, new TaskEnd(TaskEndReason.Killed, _clock.GetUtcNow())));
        Assert.Equal(TaskEndReason.Completed, task.End?.Reason);
    }

    [Fact]
    public async Task Start_Part_CannotWiden()
    {
        var parent = await StartAsync(Request() with { Lifetime = TimeSpan.FromMinutes(10), Tools = ["a", "b"], Scopes = ["read"], User = "alice" });

        Assert.Contains("tools", await ProblemAsync(Request() with { Parent = parent, Tools = ["a", "c"] }), StringComparison.Ordinal);
        Assert.Contains("scopes", await ProblemAsync(Request() with { Parent = parent, Scopes = ["write"] }), StringComparison.Ordinal);
        Assert.Contains("user", await ProblemAsync(Request() with { Parent = parent, User = "bob" }), StringComparison.Ordinal);
        var child = await StartAsync(Request() with { Parent = parent, Agent = "corp:child", Lifetime = TimeSpan.FromMinutes(50) });
        Assert.Equal(parent.Definition.ExpiresAt, child.Definition.ExpiresAt);
        Assert.Equal(["a", "b"], child.Definition.Tools);
        Assert.Equal(["read"], child.Definition.Scopes);
        Assert.Equal("alice", child.Definition.User);
        Assert.Equal(["corp:child", "corp:agent"], child.Definition.Chain);
    }

    [Fact]
    public async Task Start_PartOfWhomItsAgentActsFor_NamesEachLinkOnce()
    {
        var parent = await StartAsync(Request() with { ActsFor = ["idp:alice"] });

        var delegates = await StartAsync(Request() with { Agent = "corp:delegate", Parent = parent, ActsFor = ["corp:clerk", "corp:agent"] });
        var own = await StartAsync(Request() with { Parent = parent });

        Assert.Equal(["corp:delegate", "corp:clerk", "corp:agent", "idp:alice"], delegates.Definition.Chain);
        Assert.Equal(["corp:agent", "idp:alice"], own.Definition.Chain);
    }

    [Fact]
    public async Task Start_PartTooDeep_IsRefused()
    {
        var task = await StartAsync(Request());
        task = await StartAsync(Request() with { Parent = task });
        task = await StartAsync(Request() with { Parent = task });

        Assert.Contains("deep", await ProblemAsync(Request() with { Parent = task }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PartOfAnEndedTask_IsRefusedAndDoesNotComeBack()
    {
        var parent = await StartAsync(Request());
        _registry.Close(parent, new TaskEnd(TaskEndReason.Completed, _clock.GetUtcNow()));

        Assert.Contains("ended", await ProblemAsync(Request() with { Parent = parent }), StringComparison.Ordinal);
        Assert.DoesNotContain(await _store.LoadAsync(DateTimeOffset.MinValue, Cancellation), t => t.Definition.Parent == parent.Id && t.End is null);
    }

    [Fact]
    public async Task Close_AgainstPartsBeingStarted_NonePartSurvives()
    {
        for (var round = 0; round < 200; round++)
        {
            var parent = await StartAsync(Request() with { Agent = $"corp:{round}" });
            var parts = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
                await _registry.StartAsync(Request() with { Agent = $"corp:{round}-{i}", Parent = parent }, Limits, Cancellation), Cancellation)).ToArray();
            _registry.Close(parent, new TaskEnd(TaskEndReason.Killed, _clock.GetUtcNow()));
            await Task.WhenAll(parts);

            Assert.All(_registry.All.Where(t => t.Definition.Parent == parent.Id), t => Assert.NotNull(t.End));
        }
    }

    [Fact]
    public async Task Restore_TasksOfAnEarlierProcess_RunOnWithWhatIsLeft()
    {
        var running = await StartAsync(Request() with { Lifetime = TimeSpan.FromMinutes(10) });
        var child = await StartAsync(Request() with { Agent = "corp:child", Parent = running });
        var ended = await StartAsync(Request());
        _registry.Close(ended, new TaskEnd(TaskEndReason.Completed, _clock.GetUtcNow()));
        await _registry.RememberEndAsync(ended, Cancellation);
        await _registry.NoteEndRecordedAsync(ended, Cancellation);
        _clock.Advance(TimeSpan.FromMinutes(5));
        using var next = new TaskRegistry(_store, _clock);

        Assert.Empty(await next.RestoreAsync(Cancellation));

        Assert.True(next.TryFind(running.Id, out var restored));
        Assert.True(restored.TryEnter(_clock.GetUtcNow()));
        Assert.True(next.TryFind(ended.Id, out var gone));
        Assert.False(gone.TryEnter(_clock.GetUtcNow()));
        Assert.Equal(2, next.Close(restored, new TaskEnd(TaskEndReason.Killed, _clock.GetUtcNow())).Count);
        Assert.True(next.TryFind(child.Id, out var restoredChild));
        Assert.NotNull(restoredChild.End);
    }

    [Fact]
    public async Task Restore_EndThatIsNotInTheLog_IsToBeFinishedHoweverLongAgo()
    {
        var ended = await StartAsync(Request());
        _registry.Close(ended, new TaskEnd(TaskEndReason.Completed, _clock.GetUtcNow()));
        await _registry.RememberEndAsync(ended, Cancellation);
        _clock.Advance(TimeSpan.FromDays(2));
        using var next = new TaskRegistry(_store, _clock);

        var unfinished = Assert.Single(await next.RestoreAsync(Cancellation));

        Assert.Equal((ended.Id, TaskEndReason.Completed), (unfinished.Id, unfinished.End!.Reason));
        var waiting = unfinished.WaitUntilConcludedAsync(Cancellation);
        Assert.False(waiting.IsCompleted);
        unfinished.Conclude();
        await waiting;
    }

    [Fact]
    public async Task Idle_PartAtWork_IsThePartsAndStaysSoWhenThatHasEnded()
    {
        var whole = await StartAsync(Request());
        var part = await StartAsync(Request() with { Agent = "corp:part", Parent = whole });
        Assert.True(part.TryEnter(_clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.Zero, whole.Idle);

        part.Leave();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(1), whole.Idle);
        End(part);
        Assert.Equal(TimeSpan.FromMinutes(1), whole.Idle);
        whole.Release(part);
        Assert.Equal(TimeSpan.FromMinutes(1), whole.Idle);
    }

    [Fact]
    public async Task IsSpent_PartRuns_IsNotBeforeItsEnd()
    {
        var whole = await StartAsync(Request());
        var part = await StartAsync(Request() with { Agent = "corp:part", Parent = whole });
        Assert.True(whole.TryEnter(_clock.GetUtcNow()));
        whole.HoldLease();
        Assert.False(whole.IsSpent);

        Assert.True(whole.Leave());

        Assert.False(whole.IsSpent);
        End(part);
        Assert.True(whole.IsSpent);
    }

    [Fact]
    public async Task CountDenial_WithinTheWindow_CountsUpToTheLimit()
    {
        var task = await StartAsync(Request());
        var window = TimeSpan.FromMinutes(1);

        Assert.Equal(1, task.CountDenial(_clock.GetUtcNow(), window, 3));
        Assert.Equal(2, task.CountDenial(_clock.GetUtcNow().AddSeconds(30), window, 3));
        Assert.Equal(2, task.CountDenial(_clock.GetUtcNow().AddSeconds(61), window, 3));
        Assert.Equal(3, task.CountDenial(_clock.GetUtcNow().AddSeconds(62), window, 3));
    }

    private static TaskRequest Request() => new() { Agent = "corp:agent", Purpose = "close the quarter" };

    private async Task<AgentTask> StartAsync(TaskRequest request)
    {
        var start = await _registry.StartAsync(request, Limits, Cancellation);
        Assert.True(start.Succeeded, start.Problem);
        return start.Task;
    }

    private void End(AgentTask task) => _registry.Close(task, new TaskEnd(TaskEndReason.Completed, _clock.GetUtcNow()));

    private async Task<string?> ProblemAsync(TaskRequest request) => (await _registry.StartAsync(request, Limits, Cancellation)).Problem;
}
