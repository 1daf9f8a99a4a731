using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Calls;

/// <summary><c>journal FOLDER COUNT</c>: what it costs to write the call log, to go on after a kill, and to verify it.</summary>
internal static class JournalVerb
{
    public const string ChildVerb = "journal-child";

    private const int UnderWay = 1_000;
    private const int Batch = 8_192;

    /// <summary>What going on has to stay below, in seconds for each gigabyte of log.</summary>
    private const double Limit = 1;

    public static async Task<int> RunAsync(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        var place = Directory.CreateTempSubdirectory("gateway-journal-").FullName;
        try
        {
            var (log, keyFile) = (Path.Combine(place, "audit"), Path.Combine(place, "key.pem"));
            await File.WriteAllTextAsync(keyFile, AuditKey.Generate());
            var written = await WriteAndKillAsync(log, keyFile, count);
            using var key = AuditKey.Parse(await File.ReadAllTextAsync(keyFile));
            var recovery = await RecoverAsync(log, key);
            var (verification, processor, report) = Verify(log, key);
            if (!report.IsIntact || report.Records < count + UnderWay)
            {
                await Console.Error.WriteLineAsync($"The log is broken, or has {report.Records} records only.");
                return 1;
            }

            var gigabytes = new DirectoryInfo(log).EnumerateFiles("calls-*.jsonl").Sum(f => f.Length) / 1e9;
            var text = string.Create(CultureInfo.InvariantCulture, $"""
                # The call log's journal

                `dotnet run -c Release --project tests/Gateway.Benchmarks -- journal FOLDER {count}`. A process journals {count:N0} calls, each as one that goes to an upstream, and is killed with {UnderWay:N0} more under way. Another goes on with the log: it finds the end, records those calls as interrupted, and signs. Then the log is verified whole. The files are in the page cache.

                {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores shared with other work. {gigabytes:0.00} GB in {report.Segments} segments, {report.Checkpoints:N0} statements.

                | | |
                |---|---:|
                | Writing, calls a second | {count / written.Wall:N0} |
                | Writing, µs of processor time a call, both threads | {written.Processor * 1e6 / count:0.0} |
                | Going on after the kill, s | {recovery.TotalSeconds:0.000} |
                | The same for each GB of log, s | {recovery.TotalSeconds / gigabytes:0.000} |
                | Verifying, MB a second | {gigabytes * 1000 / verification.TotalSeconds:N0} |
                | Verifying, records a second | {report.Records / verification.TotalSeconds:N0} |
                | Verifying, s of processor time for each GB | {processor.TotalSeconds / gigabytes:0.0} |

                """);
            await File.WriteAllTextAsync(Path.Combine(folder, "call-log.md"), text);
            Console.Write(text);
            return recovery.TotalSeconds / gigabytes < Limit ? 0 : 1;
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    /// <summary>The process to kill: journals so many calls, opens some more, and waits.</summary>
    public static async Task<int> WriteAsync(string log, string keyFile, int count)
    {
        using var key = AuditKey.Parse(await File.ReadAllTextAsync(keyFile));
        await using var journal = Create(log, key);
        await journal.StartAsync(CancellationToken.None);
        var calls = new CallLogMaker(log, count);
        using var process = Process.GetCurrentProcess();
        var (begin, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        for (var made = 0; made < count; made++)
        {
            await journal.OpenAdmittedAsync(calls.Next(made), closed: true);
            if (made % Batch == 0)
            {
                await journal.FlushAsync(CancellationToken.None);
            }
        }

        await journal.FlushAsync(CancellationToken.None);
        process.Refresh();
        var (wall, processor) = (Stopwatch.GetElapsedTime(begin), process.TotalProcessorTime - before);
        for (var open = 0; open < UnderWay; open++)
        {
            await journal.OpenAdmittedAsync(calls.Next(open), closed: false);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wall.TotalSeconds} {processor.TotalSeconds}"));
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    private static async Task OpenAdmittedAsync(this JsonlCallJournal journal, CallRecord record, bool closed)
    {
        if (!journal.TryAdmit() || await journal.OpenAsync(record, CancellationToken.None) is not { IsNone: false } open)
        {
            throw new InvalidOperationException("The journal does not take a call.");
        }

        if (closed)
        {
            journal.Record(record, open);
        }
    }

    private static JsonlCallJournal Create(string log, AuditKey key) =>
        new(new CallJournalOptions { Directory = log }, key, TimeProvider.System, NullLogger<JsonlCallJournal>.Instance);

    private static async Task<(double Wall, double Processor)> WriteAndKillAsync(string log, string keyFile, int count)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path."))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList = { ChildVerb, log, keyFile, count.ToString(CultureInfo.InvariantCulture) },
        };
        using var child = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        try
        {
            var line = await child.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The writing process failed.");
            var figures = Array.ConvertAll(line.Split(' '), figure => double.Parse(figure, CultureInfo.InvariantCulture));
            return (figures[0], figures[1]);
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
    }

    /// <returns>Until calls are admitted and those of the killed process are in the log.</returns>
    private static async Task<TimeSpan> RecoverAsync(string log, AuditKey key)
    {
        await using var journal = Create(log, key);
        var begin = Stopwatch.GetTimestamp();
        await journal.StartAsync(CancellationToken.None);
        await journal.FlushAsync(CancellationToken.None);
        return journal.IsAvailable ? Stopwatch.GetElapsedTime(begin) : throw new InvalidOperationException($"{journal.Status}");
    }

    private static (TimeSpan Wall, TimeSpan Processor, LogReport Report) Verify(string log, AuditKey key)
    {
        using var keys = new VerificationKeys();
        keys.Add(key.PublicPem);
        using var process = Process.GetCurrentProcess();
        var (begin, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        var report = new LogVerifier(log, keys, []).Verify();
        process.Refresh();
        return (Stopwatch.GetElapsedTime(begin), process.TotalProcessorTime - before, report);
    }
}
