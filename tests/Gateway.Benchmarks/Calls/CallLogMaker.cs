using System.Net;
using Gateway.Core.Audit;

namespace Gateway.Benchmarks.Calls;

/// <summary>Writes a call log such as a busy gateway leaves, as fast as the disk takes it.</summary>
internal sealed class CallLogMaker(string directory, int count)
{
    public const int Agents = 1_000;
    public const int Tools = 40;

    /// <summary>A hundred calls a task.</summary>
    public const int CallsPerTask = 100;

    private const int SegmentBytes = 64 * 1024 * 1024;

    /// <summary>A thousand calls a second.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(1);

    public static string Agent(int number) => $"spiffe://example.org/ns/team-{number % 50}/sa/agent-{number}";

    public static string Tool(int number) => $"tool-{number}";

    public static string Task(int number) => $"task-{number}";

    public void Write()
    {
        Directory.CreateDirectory(directory);
        var buffer = new LineBuffer(SegmentBytes);
        var writer = new OcsfCallWriter(buffer, "1.0.0");
        var first = 1;
        for (var sequence = 1; sequence <= count; sequence++)
        {
            var record = Next(sequence);
            writer.Write(record, sequence, record.StartedAt + record.Duration);
            if (buffer.Length > SegmentBytes - 8192 || sequence == count)
            {
                using var file = new FileStream(Path.Combine(directory, CallSegmentName.Format(At(first), first)), FileMode.CreateNew);
                file.Write(buffer.Written);
                buffer.CutTo(0);
                first = sequence + 1;
            }
        }
    }

    private static DateTimeOffset At(int sequence) => Start + (sequence * Interval);

    /// <summary>A call such as agents make, always the same for the same place in the order of asking.</summary>
    public CallRecord Next(int sequence)
    {
        // Few agents make most of the calls, and each uses a few of the tools.
        var agent = (int)(Agents * Math.Pow(_random.NextDouble(), 3));
        var tool = (agent + (int)(5 * Math.Pow(_random.NextDouble(), 2))) % Tools;
        var reason = _random.Next(100) switch { 0 => "policy_denied", 1 => "rate_limited", 2 => "upstream_unreachable", _ => null };
        var at = At(sequence);
        return new CallRecord
        {
            Call = Guid.CreateVersion7(at).ToString(),
            StartedAt = at,
            Duration = TimeSpan.FromMilliseconds(_random.Next(5, 500)),
            UpstreamDuration = TimeSpan.FromMilliseconds(4),
            Forwarded = reason is null,
            Reason = reason,
            Status = reason is null ? 200 : 403,
            Agent = Agent(agent),
            Issuer = "cluster",
            IdentityMethod = "jwt-svid",
            TokenId = "sha256:00112233aabbccdd",
            Task = Task(sequence / CallsPerTask),
            Tool = Tool(tool),
            Operation = "issues.create",
            Method = "POST",
            Path = "/repos/acme/billing/issues",
            HttpVersion = "1.1",
            SourceIp = IPAddress.Parse("10.8.3.17"),
            SourcePort = 51544,
            Destination = new Uri("https://api.example.com"),
            Decision = reason == "policy_denied" ? "deny" : "allow",
            Policies = ["team-may-write"],
            PolicyVersion = "sha256:0123456789abcdef",
            Credential = "app",
            Lease = "000102030405060708090a0b0c0d0e0f",
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
    }
}
