using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Chain;

namespace Gateway.Core.Tests.Audit.Chain;

/// <summary>The chain and the statements about it, computed here once more from the files alone.</summary>
public sealed class ChainedLogTests : JournalTestBase
{
    private const string Field = "\"chain_sha256\":\"";

    [Fact]
    public async Task Record_OverRestartsAndSegments_ContinuesTheChain()
    {
        for (var run = 0; run < 3; run++)
        {
            await using var journal = await StartAsync(options => options with { SegmentBytes = 8_000 });
            for (var batch = 0; batch < 5; batch++)
            {
                Record(journal, 4);
                journal.Record(new EntityEvent { Id = "e", At = Calls.Start, Activity = EntityActivity.Create, Type = "x\"chain_sha256\":\"", Entity = "y" });
                await journal.FlushAsync(Cancelled);
            }
        }

        Assert.True(Segments().Length > 6);
        AssertChain();
    }

    [Fact]
    public async Task Record_Statements_AreSignedAndAboutTheRecordBefore()
    {
        for (var run = 0; run < 2; run++)
        {
            await using var journal = await StartAsync(options => options with { SegmentBytes = 20_000, CheckpointInterval = TimeSpan.FromMilliseconds(50) });
            for (var batch = 0; batch < 8; batch++)
            {
                Record(journal, 4);
                await journal.FlushAsync(Cancelled);
                await Task.Delay(20, Cancelled);
            }
        }

        var chain = AssertChain();
        var statements = Events().Where(IsStatement).ToList();
        string? log = null;
        foreach (var statement in statements)
        {
            var payload = Verify(statement.GetProperty("entity").GetProperty("data").GetProperty("statement").GetString()!);
            var about = payload.GetProperty("sequence").GetInt64();
            Assert.Equal(statement.GetProperty("metadata").GetProperty("sequence").GetInt64() - 1, about);
            Assert.Equal(about == 0 ? new string('0', 64) : chain[(int)about - 1], payload.GetProperty("chain").GetString());
            Assert.Equal(log ??= payload.GetProperty("log").GetString(), payload.GetProperty("log").GetString());
            Assert.Empty(OcsfSchemas.Validate(statement.GetRawText()));
        }

        var kinds = statements.Select(Kind).ToList();
        Assert.Equal((2, 2), (kinds.Count(k => k == "opening"), kinds.Count(k => k == "closing")));
        Assert.Contains("interval", kinds);
        Assert.Contains("rotation", kinds);
        Assert.Equal("closing", kinds[^1]);
        var head = Verify((await File.ReadAllTextAsync(Path.Combine(AuditDirectory, LogHead.FileName), Cancelled)).TrimEnd('\n'));
        Assert.Equal((chain.Count, chain[^1], "head", true), (head.GetProperty("sequence").GetInt32(), head.GetProperty("chain").GetString(), head.GetProperty("kind").GetString(), head.GetProperty("closed").GetBoolean()));
        Assert.Contains(Key.PublicPem, await File.ReadAllTextAsync(Path.Combine(AuditDirectory, PublicKeyFile.FileName), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ThenQuiet_HeadCoversTheLastRecord()
    {
        await using var journal = await StartAsync(options => options with { CheckpointInterval = TimeSpan.FromHours(1), CheckInterval = TimeSpan.FromHours(1) });
        Record(journal, 3);
        await journal.FlushAsync(Cancelled);

        await UntilAsync(() => LogHead.Read(AuditDirectory)?.Sequence == Sequences().Count, "the head is renewed");
        Assert.Equal(AssertChain()[^1], Convert.ToHexStringLower(LogHead.Read(AuditDirectory)!.Chain));
    }

    [Fact]
    public async Task StartAsync_EndOfTheLogRemoved_GoesOnBehindTheGap()
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 5);
        }

        var (segment, before) = (Assert.Single(Segments()), Sequences().Count);
        var lines = await File.ReadAllLinesAsync(segment, Cancelled);
        await File.WriteAllTextAsync(segment, string.Concat(lines[..3].Select(l => l + "\n")), Cancelled);
        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
        }

        Assert.True(Log.Has(4014));
        Assert.Equal([1, 2, 3, before + 1, before + 2, before + 3, before + 4], Sequences());
        var alert = Assert.Single(Events(), e => e.GetProperty("class_uid").GetInt32() == 2004);
        Assert.Contains($"Records 4 to {before} were removed", alert.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(OcsfSchemas.Validate(alert.GetRawText()));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(true, "{\"class_uid\":60")]
    public async Task StartAsync_NewestSegmentWithoutAWholeLine_ContinuesTheChain(bool isHeadOld, string written)
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 2);
        }

        var head = Path.Combine(AuditDirectory, LogHead.FileName);
        var old = await File.ReadAllTextAsync(head, Cancelled);
        await using (var journal = await StartAsync())
        {
            Record(journal, 2);
        }

        // What a process leaves that was killed between beginning a segment and its first line.
        await File.WriteAllTextAsync(Path.Combine(AuditDirectory, CallSegmentName.Format(Calls.Start, Sequences().Count + 1)), written, Cancelled);
        if (isHeadOld)
        {
            await File.WriteAllTextAsync(head, old, Cancelled);
        }

        await using (var journal = await StartAsync())
        {
            Record(journal, 2);
        }

        AssertGapless(6);
        AssertChain();
    }

    [Fact]
    public async Task StartAsync_HeadLost_KeepsTheLogsId()
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
        }

        var log = LogHead.Read(AuditDirectory)!.Log;
        File.Delete(Path.Combine(AuditDirectory, LogHead.FileName));
        await using (var journal = await StartAsync())
        {
            Record(journal, 1);
        }

        Assert.Equal(log, LogHead.Read(AuditDirectory)!.Log);
        AssertChain();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("e30.eyJsb2ciOiJ4Iiwic2VxdWVuY2UiOjksImNoYWluIjoiIn0.AA")]
    public async Task StartAsync_HeadSpoilt_GoesOnWhereTheFilesEnd(string head)
    {
        await using (var journal = await StartAsync())
        {
            Record(journal, 2);
        }

        await File.WriteAllTextAsync(Path.Combine(AuditDirectory, LogHead.FileName), head, Cancelled);
        await using (var journal = await StartAsync())
        {
            Record(journal, 2);
        }

        AssertGapless(4);
        AssertChain();
    }

    private static string Kind(JsonElement statement) =>
        Payload(statement.GetProperty("entity").GetProperty("data").GetProperty("statement").GetString()!).GetProperty("kind").GetString()!;

    private static JsonElement Payload(string statement) => JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(statement.Split('.')[1]));

    private JsonElement Verify(string statement)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Key.PublicPem);
        var end = statement.LastIndexOf('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(statement[..end]), Base64Url.DecodeFromChars(statement.AsSpan(end + 1)), HashAlgorithmName.SHA256));
        return Payload(statement);
    }

    /// <summary>Every line's value is right; returns them all.</summary>
    private List<string> AssertChain()
    {
        var chain = new List<string>();
        var last = new byte[32];
        foreach (var line in Segments().SelectMany(ReadLines))
        {
            var at = line.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
            var hashed = Encoding.ASCII.GetBytes(line[..at] + new string('0', 64) + line[(at + 64)..]);
            last = SHA256.HashData([.. last, .. hashed]);
            Assert.Equal(Convert.ToHexStringLower(last), line.Substring(at, 64));
            chain.Add(line.Substring(at, 64));
        }

        return chain;
    }

    private static IEnumerable<string> ReadLines(string segment)
    {
        using var file = new FileStream(segment, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
