using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Index;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Sqlite;

/// <summary>A call log with random calls, and what a reader without any index finds in it.</summary>
internal sealed class CallLogScene(int seed = 7) : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    private static readonly string?[] Agents = ["dev:a", "dev:b", "spiffe://example.org/c", "dev:rare", null];
    private static readonly string?[] Tools = ["github", "crm", null];
    private static readonly string?[] Reasons = [null, null, null, "policy_denied", "rate_limited", "identity_invalid", "upstream_timeout"];

    private readonly Random _random = new(seed);
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-index-").FullName;
    private readonly AuditKey _key = AuditKey.Parse(AuditKey.Generate());
    private int _calls;

    public string Data => Path.Combine(_root, "data");

    public string Log => Path.Combine(_root, "audit");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Logs so many calls after those that are logged already, a second apart, in small segments.</summary>
    public async Task WriteAsync(int count)
    {
        var options = new CallJournalOptions { Directory = Log, SegmentBytes = 512 * 1024 };
        await using var journal = new JsonlCallJournal(options, _key, TimeProvider.System, NullLogger<JsonlCallJournal>.Instance);
        await journal.StartAsync(Stop);
        for (var i = 0; i < count; i++)
        {
            Assert.True(journal.TryAdmit());
            journal.Record(Next());
            if (i % 1000 == 0)
            {
                // Other classes are in the same sequence.
                journal.Record(new EntityEvent { Id = Guid.CreateVersion7().ToString(), At = Start, Activity = EntityActivity.Activate, Type = "Agent Task", Entity = "task-1" });
            }
        }
    }

    /// <summary>The events of calls as they are in the files, oldest first.</summary>
    public IReadOnlyList<string> Events() =>
    [
        .. Directory.GetFiles(Log, "calls-*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)
            .Where(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("class_uid").GetInt32() is 6003 or 3002),
    ];

    /// <summary>What a filter means, said once more.</summary>
    public static bool IsWanted(JsonElement call, CallFilter filter)
    {
        var own = call.GetProperty("unmapped").GetProperty("gateway");
        var reason = Text(own, "reason");
        var isAnonymous = call.GetProperty("class_uid").GetInt32() == 3002;
        var agent = isAnonymous ? Text(call, "user", "uid") : Text(call, "actor", "app_uid");
        var tool = Text(call, "api", "service", "name") ?? Text(own, "tool");
        var isAllowed = Text(own, "decision") is { } decision ? decision == "allow" : reason is null;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(call.GetProperty("time").GetInt64());
        return (filter.Agent ?? agent) == agent
            && (filter.Tool ?? tool) == tool
            && (filter.Reason ?? reason) == reason
            && (filter.IsAllowed ?? isAllowed) == isAllowed
            && (filter.Task is null || filter.Task == Text(call, "metadata", "correlation_uid"))
            && (filter.Since is null || time >= filter.Since)
            && (filter.Until is null || time < filter.Until);
    }

    public static string TextOf(FoundCall call) => Encoding.UTF8.GetString(call.Event.Span);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (!element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.GetString();
    }

    private CallRecord Next()
    {
        var reason = Pick(Reasons);
        var isAnonymous = reason == "identity_invalid";
        var agent = Pick(Agents);
        agent = agent == "dev:rare" && _random.Next(200) > 0 ? "dev:a" : agent;
        var start = Start.AddSeconds(_calls++);
        return new CallRecord
        {
            Call = Guid.CreateVersion7(start).ToString(),
            StartedAt = start.AddSeconds(_random.Next(50) == 0 ? -600 : 0), // it took long, and was recorded at its end
            Duration = TimeSpan.FromMilliseconds(5),
            Reason = reason,
            Status = reason is null ? 200 : 403,
            Agent = isAnonymous ? null : agent,
            ClaimedAgent = isAnonymous ? agent : null,
            Tool = Pick(Tools),
            Task = _random.Next(3) == 0 ? $"task-{_calls / 100}" : null,
            Decision = reason == "policy_denied" ? "deny" : reason is null or "upstream_timeout" ? "allow" : null,
            Method = "GET",
            Path = $"/{_calls}",
            HttpVersion = "1.1",
            SourceIp = IPAddress.Loopback,
        };
    }

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
