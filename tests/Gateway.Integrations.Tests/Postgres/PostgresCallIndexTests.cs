using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Audit.Index;
using Gateway.Integrations.Postgres;
using Gateway.Integrations.Tests.Sqlite;

namespace Gateway.Integrations.Tests.Postgres;

/// <summary>Several gateways, one index, in a real server.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresCallIndexTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_CallsOfTwoGateways_AreFoundByEitherWithAnyFilter()
    {
        var database = await server.CreateDatabaseAsync();
        using var one = new CallLogScene(seed: 1);
        using var other = new CallLogScene(seed: 2);
        await one.WriteAsync(1500);
        await other.WriteAsync(700);
        await using var first = await StartAsync(one, database);
        await using var second = await StartAsync(other, database);
        var events = one.Events().Concat(other.Events()).Select(line => (Line: line, Json: JsonSerializer.Deserialize<JsonElement>(line))).ToList();

        Prop.ForAll(SqliteCallIndexProperties.Filters.ToArbitrary(), Gen.Choose(50, 1000).ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (filter, limit, oldestFirst) =>
        {
            var expected = events.Where(e => CallLogScene.IsWanted(e.Json, filter)).Select(e => e.Line).Order(StringComparer.Ordinal);
#pragma warning disable VSTHRD002 // A property of FsCheck over several values is synchronous.
            var all = RunningIndexer.AllAsync(first.Index, filter, limit, oldestFirst).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            Assert.Equal(expected, all.Order(StringComparer.Ordinal));
        }).QuickCheckThrowOnFailure();

        var newestFirst = (await RunningIndexer.AllAsync(second.Index, CallFilter.All, 200)).Select(Time).ToList();
        Assert.Equal(newestFirst.OrderDescending(), newestFirst);
        var id = events[^1].Json.GetProperty("metadata").GetProperty("uid").GetString()!;
        Assert.Equal(events[^1].Line, Encoding.UTF8.GetString((await first.Index.FindAsync(id, Stop))!.Value.Span));
    }

    [Fact]
    public async Task ReadAsync_FollowedWhileTwoGatewaysWrite_HasNoGapAndNothingTwice()
    {
        var database = await server.CreateDatabaseAsync();
        using var one = new CallLogScene(seed: 1);
        using var other = new CallLogScene(seed: 2);
        await using var first = await StartAsync(one, database);
        await using var second = await StartAsync(other, database);
        var seen = new List<string>();
        var cursor = await first.Index.EndAsync(Stop);
        for (var round = 0; round < 5; round++)
        {
            // Whichever is late: the second one's calls are often older than what was seen already.
            await one.WriteAsync(round % 2 == 0 ? 90 : 0);
            await other.WriteAsync(round % 3 == 0 ? 40 : 5);
            await first.Indexer.CatchUpAsync(TimeSpan.FromSeconds(30), Stop);
            await FollowAsync();
            await second.Indexer.CatchUpAsync(TimeSpan.FromSeconds(30), Stop);
            await FollowAsync();
        }

        Assert.Equal(one.Events().Concat(other.Events()).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));

        async Task FollowAsync()
        {
            while (true)
            {
                var page = await first.Index.ReadAsync(new CallQuestion { Filter = CallFilter.All, Limit = 17, OldestFirst = true, Cursor = cursor }, Stop);
                cursor = page.Next;
                if (page.Calls.Count == 0)
                {
                    return;
                }

                Assert.All(page.Calls, call => Assert.False(string.IsNullOrEmpty(call.Cursor)));
                seen.AddRange(page.Calls.Select(CallLogScene.TextOf));
            }
        }
    }

    [Fact]
    public async Task RunAsync_StartedAgain_GoesOnWhereItWasAndALogOfAnotherIsAddedBesideIt()
    {
        var database = await server.CreateDatabaseAsync();
        using var scene = new CallLogScene(seed: 3);
        await scene.WriteAsync(100);
        await using (await StartAsync(scene, database))
        {
        }

        await scene.WriteAsync(50);
        await using (var again = await StartAsync(scene, database))
        {
            Assert.Equal(150, (await RunningIndexer.AllAsync(again.Index, CallFilter.All, 1000)).Count);
        }

        Directory.Delete(scene.Log, recursive: true);
        await scene.WriteAsync(30);
        await using var anew = await StartAsync(scene, database);
        Assert.Equal(180, (await RunningIndexer.AllAsync(anew.Index, CallFilter.All, 1000)).Count);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1.2")]
    [InlineData("1.2.3")]
    public async Task ReadAsync_NoCursor_IsRefused(string cursor)
    {
        using var scene = new CallLogScene(seed: 4);
        await scene.WriteAsync(1);
        await using var running = await StartAsync(scene, await server.CreateDatabaseAsync());

        foreach (var oldestFirst in new[] { true, false })
        {
            await Assert.ThrowsAsync<CallCursorException>(
                async () => await running.Index.ReadAsync(new CallQuestion { Filter = CallFilter.All, Limit = 1, OldestFirst = oldestFirst, Cursor = cursor }, Stop));
        }
    }

    [Theory]
    [InlineData("Host=/nowhere/at/all;Username=gateway;Password=swordfish", "cannot be reached")]
    [InlineData("Nonsense=swordfish", "ConnectionString")]
    public async Task OpenAsync_NoServer_SaysSoWithoutTheSecret(string text, string says)
    {
        using var scene = new CallLogScene(seed: 5);
        await using var index = new PostgresCallIndex(_ => new(text), scene.Data, scene.Log);

        var failure = await Assert.ThrowsAsync<CallIndexException>(async () => await index.OpenAsync(Stop));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", failure.ToString(), StringComparison.Ordinal);
    }

    private static Task<RunningIndexer> StartAsync(CallLogScene scene, string database) =>
        RunningIndexer.StartAsync(scene, _ => new PostgresCallIndex(_ => new(database), scene.Data, scene.Log));

    private static long Time(string line) => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("time").GetInt64();
}
