using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>Reads the call log as a third party would: OCSF events, one JSON object a line.</summary>
internal sealed class CallLog(string directory)
{
    public const int ApiActivity = 6003;
    public const int Authentication = 3002;
    public const int EntityManagement = 3004;
    public const int DetectionFinding = 2004;

    /// <summary>The events of calls.</summary>
    public IReadOnlyList<JsonElement> ReadAll() => [.. ReadLines().Where(e => e.ClassUid() is not (EntityManagement or DetectionFinding))];

    /// <summary>The events of leases, tasks and agents, without what the log says of itself.</summary>
    public IReadOnlyList<JsonElement> ReadEntities() =>
        [.. ReadManagement().Where(e => !IsOfConfiguration(e) && e.Text("entity", "type")?.StartsWith("Audit ", StringComparison.Ordinal) != true)];

    /// <summary>The events of policies and configuration; the first one is of the start.</summary>
    public IReadOnlyList<JsonElement> ReadChanges() => [.. ReadManagement().Where(IsOfConfiguration)];

    public IReadOnlyList<JsonElement> ReadLines()
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        // The gateway is writing; what follows the last line feed is not a line yet.
        var events = new List<JsonElement>();
        foreach (var file in Directory.EnumerateFiles(directory, "calls-*.jsonl").Order(StringComparer.Ordinal))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            var text = reader.ReadToEnd();
            var end = text.LastIndexOf('\n') + 1;
            events.AddRange(text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l)));
        }

        return events;
    }

    /// <summary>The one event of a call.</summary>
    public async Task<JsonElement> SingleAsync(string call, CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(
            () => Task.FromResult(ReadAll().Any(e => Mentions(e, call))),
            () => $"No event of call {call} was written.",
            cancellationToken);
        return Assert.Single(ReadAll(), e => Mentions(e, call));
    }

    /// <summary>
    /// The one event of an activity on a task, agent or lease. Events are written within milliseconds of what they are
    /// about, not before its answer.
    /// </summary>
    public async Task<JsonElement> SingleEntityAsync(string activity, CancellationToken cancellationToken)
    {
        JsonElement[] Found() => [.. ReadEntities().Where(e => e.Text("activity_name") == activity)];
        await Eventually.TrueAsync(() => Task.FromResult(Found().Length > 0), () => $"No event of {activity} was written.", cancellationToken);
        return Assert.Single(Found());
    }

    /// <summary>Waits until so many events have been written, and checks that there are no more.</summary>
    public async Task<IReadOnlyList<JsonElement>> WaitForCountAsync(int count, CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(
            () => Task.FromResult(ReadAll().Count >= count),
            () => $"{ReadAll().Count} of {count} events were written.",
            cancellationToken);
        var all = ReadAll();
        Assert.Equal(count, all.Count);
        return all;
    }

    private IEnumerable<JsonElement> ReadManagement() => ReadLines().Where(e => e.ClassUid() == EntityManagement);

    private static bool IsOfConfiguration(JsonElement logged) => logged.Text("entity", "type") is "Policy" or "Configuration";

    private static bool Mentions(JsonElement logged, string call) => logged.GetRawText().Contains($"\"{call}\"", StringComparison.Ordinal);
}
