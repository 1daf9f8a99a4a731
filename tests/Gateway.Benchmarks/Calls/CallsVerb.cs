using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;
using Gateway.Integrations.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Calls;

/// <summary><c>calls FOLDER [COUNT]</c>: how fast the call log's index is made, and how fast calls are found with it.</summary>
internal static class CallsVerb
{
    private const int Rounds = 50;
    private const int PageSize = 100;
    private const double Limit = 100;

    public static async Task<int> RunAsync(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        var place = Path.Combine(folder, $"calls-{count.ToString(CultureInfo.InvariantCulture)}");
        var log = Path.Combine(place, "audit");
        if (!Directory.Exists(log))
        {
            new CallLogMaker(log, count).Write();
        }

        File.Delete(Path.Combine(place, SqliteCallIndex.FileName));
        await using var index = new SqliteCallIndex(place, log, NullLogger<SqliteCallIndex>.Instance);
        var (wall, processor) = await FillAsync(index, log);
        var rows = new List<string>();
        var isWithin = true;
        foreach (var (name, filter) in Questions(count))
        {
            var (times, found) = await AskAsync(index, filter);
            isWithin &= times[^1] < Limit;
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {name} | {found} | {times[Rounds / 2]:0.00} | {times[^1]:0.00} |"));
        }

        var bytes = new DirectoryInfo(log).EnumerateFiles().Sum(f => f.Length);
        var size = new FileInfo(Path.Combine(place, SqliteCallIndex.FileName)).Length;
        var report = string.Create(CultureInfo.InvariantCulture, $"""
            # The call log's index

            `dotnet run -c Release --project tests/Gateway.Benchmarks -- calls FOLDER {count}`. A log of {count:N0} calls of {CallLogMaker.Agents:N0} agents, {CallLogMaker.Tools} tools and {count / CallLogMaker.CallsPerTask:N0} tasks, three in a hundred refused, is read into the embedded index from nothing; then pages of {PageSize} calls are asked for {Rounds} times each, the events being read from the log's files. No HTTP is involved.

            {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores shared with other work.

            Log {bytes / 1e9:0.0} GB, index {size / 1e9:0.00} GB ({(double)size / count:0} bytes a record). Made in {wall.TotalSeconds:0} s, {count / wall.TotalSeconds:N0} records a second; {processor.TotalMicroseconds / count:0.0} µs of processor time a record.

            | Asked for | Found on the page | Median ms | Maximum ms |
            |---|---:|---:|---:|
            {string.Join('\n', rows)}

            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "calls-index.md"), report);
        Console.Write(report);
        return isWithin ? 0 : 1;
    }

    private static async Task<(TimeSpan Wall, TimeSpan Processor)> FillAsync(SqliteCallIndex index, string log)
    {
        using var process = Process.GetCurrentProcess();
        var (begin, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        using var reader = new CallLogReader(log, await index.OpenAsync(CancellationToken.None), CallIndexer.ChunkBytes);
        var calls = new List<IndexedCall>();
        while (reader.Read() is { Count: > 0 } lines)
        {
            CallIndexer.Extract(lines, calls);
            await index.AddAsync(calls, lines[^1], CancellationToken.None);
        }

        process.Refresh();
        return (Stopwatch.GetElapsedTime(begin), process.TotalProcessorTime - before);
    }

    private static IEnumerable<(string Name, CallFilter Filter)> Questions(int count)
    {
        var busy = CallLogMaker.Agent(0);
        yield return ("everything", CallFilter.All);
        yield return ("an agent with many calls", new CallFilter { Agent = busy });
        yield return ("an agent with few", new CallFilter { Agent = CallLogMaker.Agent(CallLogMaker.Agents - 1) });
        yield return ("an agent that there is not", new CallFilter { Agent = "nobody" });
        yield return ("a tool", new CallFilter { Tool = CallLogMaker.Tool(7) });
        yield return ("decision=deny", new CallFilter { IsAllowed = false });
        yield return ("a reason", new CallFilter { Reason = "rate_limited" });
        yield return ("the first task", new CallFilter { Task = CallLogMaker.Task(1) });
        yield return ("a busy agent and a tool that it never used", new CallFilter { Agent = busy, Tool = CallLogMaker.Tool(20) });
        yield return ("decision=allow and a reason of denials", new CallFilter { IsAllowed = true, Reason = "policy_denied" });
        yield return ("agent, tool, decision and reason", new CallFilter { Agent = busy, Tool = CallLogMaker.Tool(0), IsAllowed = false, Reason = "policy_denied" });
        yield return ("one second, long ago", new CallFilter { Since = CallLogMaker.Start.AddSeconds(count / 4000), Until = CallLogMaker.Start.AddSeconds((count / 4000) + 1) });
        yield return ("an agent until long ago", new CallFilter { Agent = busy, Until = CallLogMaker.Start.AddSeconds(count / 8000) });
        yield return ("an agent since the end", new CallFilter { Agent = busy, Since = CallLogMaker.Start.AddSeconds(count) });
    }

    private static async Task<(double[] Milliseconds, int Found)> AskAsync(SqliteCallIndex index, CallFilter filter)
    {
        var (times, found) = (new double[Rounds], 0);
        for (var i = 0; i < Rounds; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            found = (await index.ReadAsync(new CallQuestion { Filter = filter, Limit = PageSize }, CancellationToken.None)).Calls.Count;
            times[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }

        Array.Sort(times);
        return (times, found);
    }
}
