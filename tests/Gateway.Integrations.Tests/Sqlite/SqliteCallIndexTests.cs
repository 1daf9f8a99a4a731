using System.Runtime.Versioning;
using System.Text.Json;
using Gateway.Core.Audit.Index;
using Gateway.Integrations.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Sqlite;

/// <summary>What the index finds is what is in the files, whatever became of the index meanwhile.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SqliteCallIndexTests : IDisposable
{
    private readonly CallLogScene _scene = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string IndexFile => Path.Combine(_scene.Data, SqliteCallIndex.FileName);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task RunAsync_NewDirectory_MakesFilesOfTheOwnerAlone()
    {
        await _scene.WriteAsync(10);
        await using var running = await RunningIndexer.StartAsync(_scene);

        Assert.All(Directory.GetFiles(_scene.Data), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task RunAsync_StartedAgain_GoesOnWhereItWas()
    {
        await _scene.WriteAsync(100);
        await using (await RunningIndexer.StartAsync(_scene))
        {
        }

        var written = File.GetLastWriteTimeUtc(IndexFile);
        var first = new FileInfo(IndexFile).Length;
        await _scene.WriteAsync(5000);
        await using var running = await RunningIndexer.StartAsync(_scene);

        await AssertWholeAsync(running.Index);
        Assert.True(first > 0 && written <= File.GetLastWriteTimeUtc(IndexFile));
        Assert.Empty(running.MadeAnew);
    }

    [Fact]
    public async Task RunAsync_FilesGrow_FindsWhatIsNew()
    {
        await _scene.WriteAsync(10);
        await using var running = await RunningIndexer.StartAsync(_scene);
        await AssertWholeAsync(running.Index);

        await _scene.WriteAsync(10);
        Assert.True(await running.Indexer.CatchUpAsync(TimeSpan.FromSeconds(30), Stop));

        await AssertWholeAsync(running.Index);
    }

    [Theory]
    [InlineData("no database")]
    [InlineData("damaged tables")]
    [InlineData("another version")]
    [InlineData("half a table")]
    [InlineData("readable by others")]
    public async Task RunAsync_IndexInDoubt_IsMadeAnew(string doubt)
    {
        await _scene.WriteAsync(6000);
        await using (await RunningIndexer.StartAsync(_scene))
        {
        }

        switch (doubt)
        {
            case "no database":
                await File.WriteAllTextAsync(IndexFile, new string('x', 50_000), Stop);
                break;
            case "damaged tables":
                await using (var file = File.OpenWrite(IndexFile))
                {
                    file.Position = 4096;
                    await file.WriteAsync(new byte[file.Length - 4096], Stop);
                }

                break;
            case "another version":
                await ExecuteAsync("PRAGMA user_version = 99");
                break;
            case "half a table":
                await ExecuteAsync("DROP TABLE position");
                break;
            default:
                File.SetUnixFileMode(IndexFile, File.GetUnixFileMode(IndexFile) | UnixFileMode.GroupRead);
                break;
        }

        await using var running = await RunningIndexer.StartAsync(_scene);

        Assert.Single(running.MadeAnew);
        await AssertWholeAsync(running.Index);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(IndexFile));
    }

    [Fact]
    public async Task RunAsync_LogOfAnother_IsMadeAnew()
    {
        await _scene.WriteAsync(100);
        await using (await RunningIndexer.StartAsync(_scene))
        {
        }

        Directory.Delete(_scene.Log, recursive: true);
        await _scene.WriteAsync(200);
        await using var running = await RunningIndexer.StartAsync(_scene);

        Assert.Single(running.MadeAnew);
        await AssertWholeAsync(running.Index);
    }

    [Fact]
    public async Task RunAsync_DamagedWhileReadFrom_HealsByItself()
    {
        await _scene.WriteAsync(6000);
        await using var running = await RunningIndexer.StartAsync(_scene);
        await using (var file = new FileStream(IndexFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 0;
            await file.WriteAsync(new byte[file.Length], Stop);
        }

        File.Delete(IndexFile + "-wal");

        await Assert.ThrowsAsync<CallIndexException>(() => AllAsync(running.Index, CallFilter.All, 1000));
        Assert.True(await running.Indexer.CatchUpAsync(TimeSpan.FromSeconds(30), Stop));

        await AssertWholeAsync(running.Index);
    }

    [Fact]
    public async Task ReadAsync_SegmentsDeleted_FindsTheRestAndForgetsThem()
    {
        await _scene.WriteAsync(3000);
        await using var running = await RunningIndexer.StartAsync(_scene);
        var segments = Directory.GetFiles(_scene.Log, "calls-*.jsonl").Order(StringComparer.Ordinal).ToList();
        Assert.True(segments.Count > 3);
        File.Delete(segments[0]);
        File.Delete(segments[1]);

        await AssertWholeAsync(running.Index);

        var first = long.Parse(Path.GetFileNameWithoutExtension(segments[2]).Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture);
        await using var own = new SqliteCallIndex(_scene.Data, _scene.Log, NullLogger<SqliteCallIndex>.Instance);
        await own.OpenAsync(Stop);
        await own.PruneAsync(first, Stop);
        Assert.Equal(first, await ScalarAsync("SELECT min(sequence) FROM call"));
        await AssertWholeAsync(running.Index);
    }

    [Fact]
    public async Task ReadAsync_RowsForged_InventsNoCall()
    {
        await _scene.WriteAsync(200);
        await using var running = await RunningIndexer.StartAsync(_scene);
        var filter = new CallFilter { Agent = "dev:a" };
        var before = await AllAsync(running.Index, filter, 50);

        // Every record is said to be the agent's, and to be where another one is.
        await ExecuteAsync("UPDATE posting SET members = (SELECT p.members FROM posting p WHERE p.block = posting.block ORDER BY length(p.members) DESC LIMIT 1)");
        Assert.All(await AllAsync(running.Index, filter, 50), call => Assert.Contains(call, before));
        await ExecuteAsync("UPDATE call SET offset = 0");
        Assert.InRange((await AllAsync(running.Index, filter, 50)).Count, 0, 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1;DROP TABLE call")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999")]
    public async Task ReadAsync_NoCursor_IsRefused(string cursor)
    {
        await _scene.WriteAsync(1);
        await using var running = await RunningIndexer.StartAsync(_scene);

        await Assert.ThrowsAsync<CallCursorException>(async () => await running.Index.ReadAsync(new CallQuestion { Filter = CallFilter.All, Limit = 1, Cursor = cursor }, Stop));
    }

    private async Task AssertWholeAsync(ICallIndex index)
    {
        var events = _scene.Events();
        Assert.Equal(events, await AllAsync(index, CallFilter.All, 333, oldestFirst: true));
        Assert.Equal(events.Reverse(), await AllAsync(index, CallFilter.All, 777));
        var id = JsonSerializer.Deserialize<JsonElement>(events[^1]).GetProperty("metadata").GetProperty("uid").GetString()!;
        Assert.Equal(events[^1], System.Text.Encoding.UTF8.GetString((await index.FindAsync(id, Stop))!.Value.Span));
    }

    private static Task<List<string>> AllAsync(ICallIndex index, CallFilter filter, int limit, bool oldestFirst = false) =>
        RunningIndexer.AllAsync(index, filter, limit, oldestFirst);

    private async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    private async Task<long?> ScalarAsync(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={IndexFile};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Stop) as long?;
    }
}
