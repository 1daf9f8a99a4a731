using System.Runtime.Versioning;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Audit.Index;

namespace Gateway.Integrations.Tests.Sqlite;

/// <summary>Pages with whatever filter, put together, are what a reader of the files finds.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SqliteCallIndexProperties
{
    private const int Calls = 9000;

    internal static readonly Gen<CallFilter> Filters =
        from agent in Optional("dev:a", "dev:b", "spiffe://example.org/c", "dev:rare", "nobody")
        from tool in Optional("github", "crm", "none")
        from allowed in Gen.Elements<bool?>(null, null, true, false)
        from reason in Optional("policy_denied", "rate_limited", "identity_invalid", "upstream_timeout")
        from task in Gen.Frequency((5, Gen.Constant<string?>(null)), (1, Gen.Choose(0, Calls / 100).Select(n => (string?)$"task-{n}")))
        from since in Time()
        from until in Time()
        select new CallFilter { Agent = agent, Tool = tool, IsAllowed = allowed, Reason = reason, Task = task, Since = since, Until = until };

    [Fact]
    public async Task ReadAsync_AnyFilterAndPageSize_IsWhatTheFilesHave()
    {
        using var scene = new CallLogScene();
        await scene.WriteAsync(Calls);
        await using var running = await RunningIndexer.StartAsync(scene);
        var events = scene.Events().Select(line => (Line: line, Json: JsonSerializer.Deserialize<JsonElement>(line))).ToList();
        Assert.Equal(Calls, events.Count);
        var found = 0;

        Prop.ForAll(Filters.ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (filter, limit, oldestFirst) =>
        {
            var expected = events.Where(e => CallLogScene.IsWanted(e.Json, filter)).Select(e => e.Line);
#pragma warning disable VSTHRD002 // A property of FsCheck over several values is synchronous.
            var all = RunningIndexer.AllAsync(running.Index, filter, limit, oldestFirst).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            found += all.Count;
            Assert.Equal(oldestFirst ? expected : expected.Reverse(), all);
        }).QuickCheckThrowOnFailure();
        Assert.True(found > Calls, "The filters matched next to nothing.");
    }

    private static Gen<string?> Optional(params string?[] values) => Gen.Frequency((3, Gen.Constant<string?>(null)), (2, Gen.Elements(values)));

    private static Gen<DateTimeOffset?> Time() => Gen.Frequency(
        (3, Gen.Constant<DateTimeOffset?>(null)),
        (1, Gen.Choose(-1000, Calls + 1000).Select(s => (DateTimeOffset?)CallLogScene.Start.AddSeconds(s))));
}
