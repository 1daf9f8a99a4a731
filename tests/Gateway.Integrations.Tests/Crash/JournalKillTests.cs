using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;

namespace Gateway.Integrations.Tests.Crash;

/// <summary>A process that journals calls is killed at random moments: whatever its upstream saw is in the log, once, in an unbroken chain.</summary>
public sealed class JournalKillTests
{
    private const int Kills = 200;
    private const int AtOnce = 4;
    private const string Chain = "\"chain_sha256\":\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_UnderLoad_EveryCallThatTheUpstreamSawIsInTheLog()
    {
        var seen = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => KillAndVerifyAsync(Kills / AtOnce), Cancellation)));

        TestContext.Current.SendDiagnosticMessage($"{Kills} kills, {seen.Sum(s => s.Calls)} calls, of which {seen.Sum(s => s.Interrupted)} were under way");
        Assert.True(seen.Sum(s => s.Interrupted) > Kills, "The kills met too few calls under way to prove anything.");
    }

    private static async Task<(int Calls, int Interrupted)> KillAndVerifyAsync(int kills)
    {
        var root = Directory.CreateTempSubdirectory("gateway-journal-kill-").FullName;
        try
        {
            var (directory, keyFile) = (Path.Combine(root, "audit"), Path.Combine(root, "key.pem"));
            await File.WriteAllTextAsync(keyFile, AuditKey.Generate(), Cancellation);
            var seen = new List<string>();
            for (var kill = 0; kill < kills; kill++)
            {
                seen.AddRange(await RunAndKillAsync(directory, keyFile));
            }

            using (var key = AuditKey.Parse(await File.ReadAllTextAsync(keyFile, Cancellation)))
            await using (var journal = JournalHarness.Create(directory, key))
            {
                await journal.StartAsync(Cancellation);
                Assert.True(journal.IsAvailable, $"{journal.Status}");
            }

            return (seen.Count, Verify(directory, seen));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<List<string>> RunAndKillAsync(string directory, string keyFile)
    {
        var seen = new List<string>();
        using var process = HarnessProcess.Start(JournalHarness.Verb, directory, keyFile);

        // One in eight is killed while it opens the log and recovers what the one before had left.
        if (Random.Shared.Next(8) == 0)
        {
            await Task.Delay(Random.Shared.Next(100, 400), Cancellation);
        }
        else
        {
            var first = await process.Output.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            Assert.NotNull(first);
            seen.Add(first);
            await Task.Delay(Random.Shared.Next(40), Cancellation);
        }

        process.Kill();

        // What it wrote before it died is still in the pipe; the last line may be cut.
        var rest = await process.Output.ReadToEndAsync(Cancellation);
        seen.AddRange(rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return seen;
    }

    /// <returns>How many calls were recorded as interrupted.</returns>
    private static int Verify(string directory, List<string> seen)
    {
        var recorded = new Dictionary<string, int>();
        var (last, sequence, interrupted) = (new byte[32], 0L, 0);
        foreach (var line in Directory.GetFiles(directory, "calls-*.jsonl").OrderBy(f => f[^22..], StringComparer.Ordinal).SelectMany(File.ReadLines))
        {
            var logged = JsonSerializer.Deserialize<JsonElement>(line);
            Assert.Equal(++sequence, logged.GetProperty("metadata").GetProperty("sequence").GetInt64());
            var at = line.IndexOf(Chain, StringComparison.Ordinal) + Chain.Length;
            last = SHA256.HashData([.. last, .. Encoding.ASCII.GetBytes(line[..at] + new string('0', 64) + line[(at + 64)..])]);
            Assert.Equal(Convert.ToHexStringLower(last), line.Substring(at, 64));
            if (logged.GetProperty("class_uid").GetInt32() == 6003)
            {
                var call = logged.GetProperty("metadata").GetProperty("uid").GetString()!;
                recorded[call] = recorded.GetValueOrDefault(call) + 1;
                interrupted += logged.GetProperty("status_code").GetString() == "interrupted" ? 1 : 0;
            }
        }

        var missing = seen.Where(call => !recorded.ContainsKey(call)).ToList();
        Assert.True(missing.Count == 0, $"{missing.Count} of {seen.Count} calls that the upstream saw are not in the log.");
        Assert.All(recorded, r => Assert.True(r.Value == 1, $"{r.Key} is in the log {r.Value} times."));
        var head = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(File.ReadAllText(Path.Combine(directory, "calls.head")).Split('.')[1]));
        Assert.True(head.GetProperty("sequence").GetInt64() <= sequence);
        return interrupted;
    }
}
