using Gateway.Core.Tasks;
using Gateway.Integrations.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Sqlite;

public sealed class SqliteTaskStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, 123, TimeSpan.Zero);

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-tasks-").FullName;
    private StateDatabase _state = null!;
    private SqliteTaskStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Open();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task LoadAsync_AfterARestart_GivesBackWhatRunsEndedLatelyOrIsUnfinished()
    {
        var part = Definition("part") with { Parent = "running", Depth = 1, Chain = ["corp:a", "corp:b"], Scopes = ["read"], User = "idp:alice", Transaction = "txn-1" };
        foreach (var task in new[] { part, Definition("running"), Definition("recent"), Definition("old"), Definition("unfinished") })
        {
            await _store.AddAsync(task, Cancellation);
        }

        await EndAsync("recent", Now, isRecorded: true);
        await EndAsync("old", Now.AddDays(-2), isRecorded: true);
        await EndAsync("unfinished", Now.AddDays(-2), isRecorded: false);
        await _state.DisposeAsync();
        Open();

        var loaded = await _store.LoadAsync(Now.AddHours(-1), Cancellation);

        Assert.Equal(["recent True", "running False", "unfinished False"], loaded.Where(t => t.Definition.Depth == 0).Select(t => $"{t.Definition.Id} {t.EndIsRecorded}").Order());
        var last = loaded[^1];
        Assert.Equivalent(part, last.Definition, strict: true);
        Assert.Null(last.End);
    }

    [Fact]
    public async Task EndAsync_Twice_KeepsTheFirst()
    {
        await _store.AddAsync(Definition("a"), Cancellation);

        await _store.EndAsync("a", new TaskEnd(TaskEndReason.Deviated, Now, "Forbidden.", "operator"), Cancellation);
        await _store.EndAsync("a", new TaskEnd(TaskEndReason.Completed, Now.AddMinutes(1)), Cancellation);

        Assert.Equal(new TaskEnd(TaskEndReason.Deviated, Now, "Forbidden.", "operator"), (await _store.FindAsync("a", Cancellation))!.End);
    }

    [Fact]
    public async Task PruneAsync_EndedBefore_AreForgottenAndNoOthers()
    {
        foreach (var id in new[] { "before", "then", "running" })
        {
            await _store.AddAsync(Definition(id), Cancellation);
        }

        await EndAsync("before", Now.AddMilliseconds(-1), isRecorded: true);
        await EndAsync("then", Now, isRecorded: true);

        await _store.PruneAsync(Now, Cancellation);

        Assert.Null(await _store.FindAsync("before", Cancellation));
        Assert.NotNull(await _store.FindAsync("then", Cancellation));
        Assert.NotNull(await _store.FindAsync("running", Cancellation));
    }

    private static TaskDefinition Definition(string id) => new()
    {
        Id = id,
        Agent = "corp:a",
        Purpose = "testing",
        StartedAt = Now.AddDays(-3),
        ExpiresAt = Now.AddDays(3),
        Chain = ["corp:a"],
    };

    private async Task EndAsync(string id, DateTimeOffset at, bool isRecorded)
    {
        await _store.EndAsync(id, new TaskEnd(TaskEndReason.Completed, at), Cancellation);
        if (isRecorded)
        {
            await _store.NoteEndRecordedAsync(id, Cancellation);
        }
    }

    private void Open()
    {
        _state = new StateDatabase(_data, NullLogger<StateDatabase>.Instance);
        _store = new SqliteTaskStore(_state);
        _state.Open();
    }
}
