using System.Globalization;
using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.Tasks;

/// <summary><c>tasks FOLDER</c>: with 1,000 tasks alive, the time from the end of one until its credential cannot be used any more.</summary>
internal static class TasksVerb
{
    private const int WarmUp = 200;
    private const int Ends = 2_000;

    /// <summary>Streams that are open when their task ends.</summary>
    private static readonly int[] Streams = [1, 64];

    /// <summary>What the 99th percentile has to stay below, in milliseconds.</summary>
    private const double Limit = 5;

    public static async Task<int> RunAsync(string folder)
    {
        var isWithin = true;
        var rows = new List<string>();
        foreach (var streams in Streams)
        {
            Directory.CreateDirectory(folder);
            var times = await MeasureAsync(Directory.CreateTempSubdirectory("gateway-tasks-").FullName, streams);
            isWithin &= Percentile(times, 0.99) < Limit;
            rows.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {streams} | {Percentile(times, 0.5):0.000} | {Percentile(times, 0.9):0.000} | {Percentile(times, 0.99):0.000} | {times[^1]:0.000} |"));
        }

        var report = $"""
            # The end of a task

            `dotnet run -c Release --project tests/Gateway.Benchmarks -- tasks FOLDER`. {TaskScene.LiveTasks} tasks are alive, each with a lease and an open stream, remembered in SQLite as a gateway does, while calls are made under those that end next. Measured is what `TaskEnder` does from the moment that a task is to end: gate and leases are closed, streams are cut, and the last one has left. From then on no call of the task gets in and its lease is not given out, which is checked every time. Revocation goes on meanwhile. No HTTP is involved.

            {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores shared with other work; {Ends} ends per row, in milliseconds.

            | Open streams of the task | Median | p90 | p99 | Maximum |
            |---:|---:|---:|---:|---:|
            {string.Join('\n', rows)}

            """;
        await File.WriteAllTextAsync(Path.Combine(folder, "task-end.md"), report);
        Console.Write(report);
        return isWithin ? 0 : 1;
    }

    /// <returns>Milliseconds, ascending.</returns>
    private static async Task<double[]> MeasureAsync(string folder, int streams)
    {
        try
        {
            await using var scene = await TaskScene.StartAsync(folder);
            var times = new double[Ends];
            for (var i = -WarmUp; i < Ends; i++)
            {
                var time = await scene.EndOneAsync(streams);
                if (i >= 0)
                {
                    times[i] = time.TotalMilliseconds;
                }
            }

            Array.Sort(times);
            return times;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Percentile(double[] ascending, double share) => ascending[(int)Math.Ceiling(share * ascending.Length) - 1];
}
