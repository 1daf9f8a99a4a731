using System.Net;
using System.Text;
using Gateway.Core.Audit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Crash;

/// <summary>The process to kill: journals calls, hands them to an upstream that is the process which watches it, and records them.</summary>
internal static class JournalHarness
{
    public const string Verb = "--journal-harness";

    public static async Task WorkUntilKilledAsync(string directory, string keyFile)
    {
        using var key = AuditKey.Parse(await File.ReadAllTextAsync(keyFile));
        await using var journal = Create(directory, key);
        await journal.StartAsync(CancellationToken.None);

        // Not through Console, which keeps lines back: what is written here has left the process.
        await using var upstream = Console.OpenStandardOutput();
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                await CallAsync(journal, call =>
                {
                    lock (gate)
                    {
                        upstream.Write(Encoding.ASCII.GetBytes(call + "\n"));
                        upstream.Flush();
                    }
                });
            }
        })));
    }

    public static JsonlCallJournal Create(string directory, AuditKey key) => new(
        new CallJournalOptions
        {
            Directory = directory,
            SegmentBytes = 512 * 1024,
            CheckpointInterval = TimeSpan.FromMilliseconds(20),
            HeadInterval = TimeSpan.FromMilliseconds(5),
            OpenCallsPerRegion = 16,
        },
        key,
        TimeProvider.System,
        NullLogger<JsonlCallJournal>.Instance);

    private static async Task CallAsync(JsonlCallJournal journal, Action<string> forward)
    {
        if (!journal.TryAdmit())
        {
            await Task.Delay(1);
            return;
        }

        var id = Guid.CreateVersion7().ToString();
        var open = await journal.OpenAsync(Record(id, UnknownYet), CancellationToken.None);
        if (open.IsNone)
        {
            journal.Record(Record(id, (int)HttpStatusCode.ServiceUnavailable));
            return;
        }

        forward(id);
        if (Random.Shared.Next(10) == 0)
        {
            await Task.Delay(Random.Shared.Next(5));
        }

        journal.Record(Record(id, (int)HttpStatusCode.OK), open);
    }

    private const int UnknownYet = CallRecord.UnknownStatus;

    private static CallRecord Record(string id, int status) => new()
    {
        Call = id,
        StartedAt = TimeProvider.System.GetUtcNow(),
        Duration = TimeSpan.FromMilliseconds(1),
        Forwarded = status == (int)HttpStatusCode.OK,
        Status = status,
        Agent = "dev:worker",
        Tool = "api",
        Operation = "things.get",
        Method = "GET",
        Path = "/things/1",
        HttpVersion = "1.1",
        SourceIp = IPAddress.Loopback,
        Decision = "allow",
        Policies = ["all"],
    };
}
