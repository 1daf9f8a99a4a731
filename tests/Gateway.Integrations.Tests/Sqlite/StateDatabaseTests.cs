using System.Runtime.Versioning;
using Gateway.Core.Tests.Audit;
using Gateway.Integrations.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Sqlite;

[UnsupportedOSPlatform("windows")]
public sealed class StateDatabaseTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-state-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_root, "data");

    private string File => Path.Combine(Data, StateDatabase.FileName);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Open_NewDirectory_MakesFilesOfTheOwnerAlone()
    {
        await using var state = Open();
        await InsertAsync(state, "a");

        Assert.Contains(File + "-wal", Directory.GetFiles(Data));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Data));
        Assert.All(Directory.GetFiles(Data), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task RunAsync_ClosedAndOpenedAgain_KeepsWhatWasCommitted()
    {
        await using (var state = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => InsertAsync(state, $"id-{i}")));
        }

        await using var again = Open();
        Assert.Equal(500, await CountAsync(again));
    }

    [Fact]
    public async Task RunAsync_OneOfManyCannotBeDone_TheOthersAre()
    {
        await using var state = Open();
        await InsertAsync(state, "twice");

        var work = Enumerable.Range(0, 100).Select(i => InsertAsync(state, i == 50 ? "twice" : $"id-{i}")).ToList();
        await Assert.ThrowsAsync<StateDatabaseException>(() => Task.WhenAll(work));

        Assert.Equal([50], work.Index().Where(w => w.Item.IsFaulted).Select(w => w.Index));
        Assert.Equal(100, await CountAsync(state));
    }

    [Fact]
    public async Task Open_InUseByAnother_SaysSo()
    {
        await using var first = Open();

        var failure = Assert.Throws<StateDatabaseException>(() => Open());

        Assert.Contains("in use by another gateway: give each gateway a data directory of its own", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotADatabase_SaysWhatToDo()
    {
        Directory.CreateDirectory(Data);
        using (var stream = new FileStream(File, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            stream.Write("this was never a database, whatever its name says"u8);
        }

        var failure = Assert.Throws<StateDatabaseException>(() => Open());

        Assert.Contains($"{File} is damaged: restore it from a backup", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ReadableByOthers_IsRefused()
    {
        await Open().DisposeAsync();
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains($"chmod 600 {File}", Assert.Throws<StateDatabaseException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WrittenByANewerGateway_IsRefused()
    {
        await Open().DisposeAsync();
        Execute("PRAGMA user_version = 9999");

        Assert.Contains("written by a newer gateway", Assert.Throws<StateDatabaseException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FileRemoved_RefusesUntilARestart()
    {
        await using var state = Open();
        await InsertAsync(state, "a");
        System.IO.File.Delete(File);

        var failure = await Assert.ThrowsAsync<StateDatabaseException>(() => InsertAsync(state, "b"));

        Assert.Contains("is gone: restart the gateway", failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message, state.Problem);
    }

    [Fact]
    public async Task RunAsync_DiskFull_RefusesAndRecoversByItself()
    {
        await using var disk = await SmallDisk.MountAsync(_root, 512 * 1024, Cancellation);
        await using var state = new StateDatabase(disk.Path, NullLogger<StateDatabase>.Instance);
        state.Open();
        var ballast = disk.Fill(leaveBytes: 0);
        var written = 0;

        var failure = await Assert.ThrowsAsync<StateDatabaseException>(async () =>
        {
            for (; ; written++)
            {
                await InsertAsync(state, new string('x', 4000) + written);
            }
        });
        Assert.Contains("cannot be", failure.Message, StringComparison.Ordinal);
        System.IO.File.Delete(ballast);

        await InsertAsync(state, "after");
        Assert.Null(state.Problem);
        Assert.Equal(written + 1, await CountAsync(state));
    }

    private static Task<int> InsertAsync(StateDatabase state, string id) => state.RunAsync(
        t => t.Execute(
            "INSERT INTO lease (id, agent, task, tool, credential, scope, issued_at, expires_at) VALUES ($id, '', '', '', '', '', 0, 0)", ("$id", id)),
        Cancellation);

    private static async Task<long> CountAsync(StateDatabase state) =>
        (await state.RunAsync(t => t.Query("SELECT count(*) AS n FROM lease", r => r.Number("n")), Cancellation)).Single();

    private StateDatabase Open()
    {
        var state = new StateDatabase(Data, NullLogger<StateDatabase>.Instance);
        state.Open();
        return state;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
