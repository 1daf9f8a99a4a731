using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Audit.Verification;

namespace Gateway.Core.Tests.Audit.Verification;

public sealed class LogVerifierTests : VerifyTestBase
{
    [Fact]
    public void Verify_DirectoryWithoutALog_IsNotIntact() => Assert.False(VerifyFolder().IsIntact);

    [Fact]
    public void Verify_WholeLog_Counts()
    {
        var log = Filled();
        var report = Verify(log);

        Assert.True(report.IsIntact, Show(report));
        Assert.Equal((2, 12, 1, 12), (report.Segments, report.Records, report.FirstSequence, report.LastSequence));
        Assert.Equal([new(3004, 4), new(6003, 8)], report.Classes);
        Assert.Equal((4, 12, 0), (report.Checkpoints, report.Head, report.Unsigned));
        Assert.Equal((1_795_300_000_100, 1_795_300_001_200), (report.FirstTime, report.LastTime));
    }

    [Fact]
    public void Verify_HeadMissing_IsIntactOnlyAfterAClosingStatement()
    {
        var log = Filled();
        log.Head = null;
        Assert.True(Verify(log).IsIntact);

        log.Restart(inNewSegment: true);
        log.Add();
        var report = Verify(log);
        Assert.Equal(FindingKind.Truncated, Assert.Single(report.Findings.Kept).Kind);
        Assert.Equal(13, report.Findings.FirstBroken);
    }

    [Theory]
    [InlineData("interval")]
    [InlineData(null)]
    public void Verify_RecordsAddedToAClosedLog_AreFound(string? kind)
    {
        var log = Filled();
        var head = log.Head;
        log.Add(kind);
        log.Head = head;

        Assert.Equal(13, Verify(log).Findings.FirstBroken);
    }

    [Fact]
    public void Verify_StartedAgainAfterTheHeadWasRead_IsIntact()
    {
        var log = Filled();
        var head = log.Head;
        log.Restart(inNewSegment: true);
        log.Add();
        log.Head = head;
        var report = Verify(log);

        Assert.True(report.IsIntact, Show(report));
        Assert.Equal(2, report.Unsigned);
    }

    [Fact]
    public void Verify_HeadOfAnotherLog_IsFound()
    {
        var log = Filled();
        log.Head = new TestLog(Key).Key.Sign(log.Payload("head", 12).Replace(log.Id, Guid.NewGuid().ToString(), StringComparison.Ordinal)) + "\n";

        Assert.False(Verify(log).IsIntact);
    }

    [Theory]
    [InlineData("{\"alg\":\"none\",\"kid\":\"{0}\",\"typ\":\"gateway-checkpoint+jwt\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"{0}\",\"typ\":\"gateway-receipt+jwt\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"{0}\",\"typ\":\"gateway-checkpoint+jwt\",\"crit\":[\"x\"]}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"{0}\",\"kid\":\"{0}\",\"typ\":\"gateway-checkpoint+jwt\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"\\u001b[2Jx\",\"typ\":\"gateway-checkpoint+jwt\"}")]
    [InlineData("[]")]
    [InlineData("")]
    public void Read_HeaderOfAnotherKind_IsNoStatement(string header)
    {
        using var keys = Keys();
        var statement = Sign(header.Replace("{0}", Key.Id, StringComparison.Ordinal), Filled().Payload("interval", 3));
        var result = new StatementReader(keys).Read(statement);

        Assert.False(result.IsRight);
        Assert.DoesNotContain(result.Problem, char.IsControl);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"log\":\"{0}\",\"kind\":\"party\",\"sequence\":1,\"chain\":\"{1}\",\"time\":1}")]
    [InlineData("{\"log\":\"{0}\",\"kind\":\"interval\",\"sequence\":-1,\"chain\":\"{1}\",\"time\":1}")]
    [InlineData("{\"log\":\"{0}\",\"kind\":\"interval\",\"sequence\":1,\"sequence\":1,\"chain\":\"{1}\",\"time\":1}")]
    [InlineData("{\"log\":\"{0}\",\"kind\":\"interval\",\"sequence\":1,\"chain\":\"AB\",\"time\":1}")]
    [InlineData("{\"log\":\"x\",\"kind\":\"interval\",\"sequence\":1,\"chain\":\"{1}\",\"time\":1}")]
    [InlineData("{\"log\":\"{0}\",\"kind\":\"interval\",\"sequence\":1,\"chain\":\"{1}\"}")]
    public void Read_PayloadOfAnotherKind_IsNoStatement(string payload)
    {
        using var keys = Keys();
        var text = payload.Replace("{0}", Guid.NewGuid().ToString(), StringComparison.Ordinal).Replace("{1}", new string('a', 64), StringComparison.Ordinal);

        Assert.False(new StatementReader(keys).Read(Key.Sign(text)).IsRight);
    }

    [Fact]
    public void Verify_KeyRotated_NeedsBothKeys()
    {
        using var second = new TestKey();
        var log = Filled();
        var report = Verify(log.Forge(records => records.Select(segment => segment.Select(record => record)), id: log.Id));
        Assert.True(report.IsIntact, Show(report));

        using var one = new VerificationKeys();
        one.Add(second.Pem);
        Assert.False(new LogVerifier(Folder, one, []).Verify().IsIntact);

        using var both = new VerificationKeys();
        both.Add($"{second.Pem}\n{Key.Pem}\n{Key.Pem}");
        Assert.Equal(2, both.Ids.Count);
        Assert.True(new LogVerifier(Folder, both, []).Verify().IsIntact);
    }

    [Fact]
    public void Add_WhatIsNoPublicKey_SaysWhat()
    {
        using var keys = new VerificationKeys();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);

        Assert.Contains("private", Assert.Throws<FormatException>(() => keys.Add(Key.PrivatePem)).Message, StringComparison.Ordinal);
        Assert.Contains("P-256", Assert.Throws<FormatException>(() => keys.Add(other.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
        Assert.Contains("P-256", Assert.Throws<FormatException>(() => keys.Add(rsa.ExportSubjectPublicKeyInfoPem())).Message, StringComparison.Ordinal);
        Assert.Contains("no public key", Assert.Throws<FormatException>(() => keys.Add("nonsense")).Message, StringComparison.Ordinal);
        Assert.Empty(keys.Ids);
    }

    [Fact]
    public void Verify_StrayFiles_OnlyWhatLooksLikeASegmentIsFound()
    {
        var log = Filled();
        log.WriteTo(Folder);
        foreach (var name in new[] { "calls.open", "calls.lock", "calls.owner", "calls.head.new", "audit-key.pub", "calls-20261122T000000Z-0000000000000001.jsonl.torn", "notes.txt" })
        {
            File.WriteAllText(Path.Combine(Folder, name), "x");
        }

        File.WriteAllText(Path.Combine(Folder, "calls-20261122T000000Z-0000000000000013.jsonl"), "");
        Assert.True(VerifyFolder().IsIntact);

        File.WriteAllText(Path.Combine(Folder, "calls-copy.jsonl"), "x");
        File.WriteAllText(Path.Combine(Folder, "calls-20261122T000000Z-13.jsonl"), "x");
        Directory.CreateDirectory(Path.Combine(Folder, "calls-20261123T000000Z-0000000000000013.jsonl"));
        File.CreateSymbolicLink(Path.Combine(Folder, "calls-20261124T000000Z-0000000000000013.jsonl"), "/dev/zero");
        Process.Start("mkfifo", Path.Combine(Folder, "calls-20261125T000000Z-0000000000000013.jsonl")).WaitForExit();
        File.WriteAllText(Path.Combine(Folder, "calls-\u001b[2J.jsonl"), "x");
        var report = VerifyFolder();

        Assert.Equal(5, report.Findings.Count);
        Assert.All(report.Findings.Kept, finding => Assert.Equal(FindingKind.File, finding.Kind));
        Assert.DoesNotContain(Show(report), character => char.IsControl(character) && character != '\n');
    }

    [Fact]
    public void Verify_LinesMovedBetweenFiles_IsFound()
    {
        var log = Filled();
        var (first, second) = (log.Segments[0], log.Segments[1]);
        var moved = first.Bytes.AsSpan(0, first.Bytes.Length - 1).LastIndexOf((byte)'\n') + 1;
        var report = Verify(
            [(first.Name, first.Bytes[..moved]), (second.Name.Replace("0000000000000007", "0000000000000006", StringComparison.Ordinal), [.. first.Bytes[moved..], .. second.Bytes])],
            log.Head);

        Assert.Equal(FindingKind.File, Assert.Single(report.Findings.Kept).Kind);
    }

    [Fact]
    public void Verify_StatementsKeptElsewhere_TellAnOlderOrAnotherLog()
    {
        var log = Filled();
        var older = Verify(log, Key.Sign(log.Payload("interval", 6)), Key.Sign(log.Payload("opening", 0)));
        Assert.True(older.IsIntact, Show(older));
        Assert.Equal(1, older.KeptFound);

        var beyond = log.Payload("interval", 12).Replace("\"sequence\":12", "\"sequence\":20", StringComparison.Ordinal);
        Assert.Equal(13, Verify(log, Key.Sign(beyond)).Findings.FirstBroken);

        var other = log.Payload("interval", 6).Replace(log.Id, Guid.NewGuid().ToString(), StringComparison.Ordinal);
        Assert.False(Verify(log, Key.Sign(other)).IsIntact);

        var changed = log.Payload("interval", 6).Replace(log.Chain(6), log.Chain(5), StringComparison.Ordinal);
        Assert.InRange(Verify(log, Key.Sign(changed)).Findings.FirstBroken ?? 0, 1, 6);

        using var stranger = new TestKey();
        Assert.False(Verify(log, stranger.Sign(log.Payload("interval", 6))).IsIntact);
    }

    [Fact]
    public void Find_StatementsInWhateverForm_FindsThem()
    {
        var log = Filled();
        var (one, two) = (Key.Sign(log.Payload("interval", 3)), Key.Sign(log.Payload("interval", 6)));
        var file = Path.Combine(Folder, "export");
        File.WriteAllText(file, "{\"entity\": {\"data\": {\"statement\": \"" + one + $"\"}}}}}}\ntime,statement\n1,{two}\n{one}");

        Assert.Equal([one, two], KeptStatements.Find(file));
        File.WriteAllText(file, "nothing");
        Assert.Throws<FormatException>(() => KeptStatements.Find(file));
    }

    /// <summary>By name: the runner keeps a text of every argument.</summary>
    private static readonly Dictionary<string, Func<byte[]>> HostileBytes = new()
    {
        ["line feeds"] = () => [.. Enumerable.Repeat((byte)'\n', 3_000_000)],
        ["a line without end"] = () => [.. Enumerable.Repeat((byte)'a', 9_000_000)],
        ["a line too long"] = () => [.. Enumerable.Repeat((byte)'a', 9_000_000), (byte)'\n', (byte)'x', (byte)'\n'],
        ["deep"] = () => Encoding.ASCII.GetBytes(new string('[', 100_000) + "\n"),
        ["deep in an event"] = () => Encoding.ASCII.GetBytes("{\"metadata\":{\"sequence\":" + new string('[', 1000) + "\n"),
        ["zeros"] = () => new byte[100_000],
        ["random"] = () => RandomNumberGenerator.GetBytes(1_000_000),
        ["huge number"] = () => "{\"metadata\":{\"sequence\":9223372036854775807},\"unmapped\":{\"gateway\":{\"chain_sha256\":\"00\"}}}\n"u8.ToArray(),
        ["digits at the end"] = () => "{\"metadata\":{\"sequence\":13},\"unmapped\":{\"gateway\":{\"chain_sha256\":\"\n"u8.ToArray(),
        ["not an object"] = () => "[1]\n1\n\"x\"\nnull\n{}{}\n"u8.ToArray(),
        ["half a surrogate pair in a name"] = () => "{\"\\ud800adata\":1,\"\\udc00\":{}}\n"u8.ToArray(),
        ["members of other types"] = () => "{\"metadata\":1,\"unmapped\":[],\"entity\":null,\"class_uid\":\"x\"}\n{\"unmapped\":{\"gateway\":7},\"entity\":{\"type\":1,\"data\":2}}\n"u8.ToArray(),
    };

    public static TheoryData<string> Hostile => [.. HostileBytes.Keys];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Verify_HostileBytesAfterTheLog_EndsAndSaysWhere(string what)
    {
        var bytes = HostileBytes[what]();
        var log = Filled();
        var segments = log.Segments;
        segments[^1] = segments[^1] with { Bytes = [.. segments[^1].Bytes, .. bytes] };
        var report = Verify(segments, log.Head);

        Assert.True(report.IsIntact ? report.UnfinishedBytes == bytes.Length : report.Findings.FirstBroken == 13, $"{what}: {Show(report)}");
        Assert.DoesNotContain(Show(report), character => character > '~');
        Assert.InRange(report.Findings.Kept.Count, 0, 1001);
    }

    [Theory]
    [InlineData("\"metadata\":{", "\"metadata\":{\"sequence\":4,")]
    [InlineData("\"metadata\":{", "\"metadata\":{\"s\\u0065quence\":4,")]
    [InlineData("\"metadata\":{", "\"metadata\":{},\"metadata\":{")]
    [InlineData("\"gateway\":{", "\"gateway\":{\"chain_sha256\":\"x\",")]
    [InlineData("\"gateway\":{", "\"gateway\":{\"chain_sh\\u0061256\":\"x\",")]
    [InlineData("\"chain_sha256\":\"", "\"chain_sha256\": \"")]
    [InlineData("\"message\":", "\"x\":{\"chain_sha256\":\"y\"},\"message\":")]
    public void Verify_RecordThatReadsInTwoWays_IsMalformedThoughItsChainIsRight(string at, string insertion)
    {
        var log = Filled();
        var line = log.Line(4);
        var changed = line.Replace(at, insertion, StringComparison.Ordinal);
        Assert.NotEqual(line, changed);
        var zeroed = changed.Replace(log.Chain(4), new string('0', 64), StringComparison.Ordinal);
        var digits = Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(log.Chain(3)), .. Encoding.ASCII.GetBytes(zeroed)]));
        var segments = log.Segments;
        segments[0] = segments[0] with
        {
            Bytes = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(segments[0].Bytes).Replace(line, changed.Replace(log.Chain(4), digits, StringComparison.Ordinal), StringComparison.Ordinal)),
        };
        var report = Verify(segments, log.Head);

        Assert.Contains(report.Findings.Kept, finding => finding is { Kind: FindingKind.Malformed, First: 4, Line: 4 });
        Assert.Equal(4, report.Findings.FirstBroken);
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private VerificationKeys Keys()
    {
        var keys = new VerificationKeys();
        keys.Add(Key.Pem);
        return keys;
    }

    private string Sign(string header, string payload)
    {
        var right = Key.Sign(payload);
        return $"{Encode(header)}.{Encode(payload)}.{right.Split('.')[2]}";
    }

    /// <summary>Two segments of six records, closed.</summary>
    private TestLog Filled()
    {
        var log = new TestLog(Key);
        for (var index = 0; index < 4; index++)
        {
            log.Add();
        }

        log.Rotate();
        for (var index = 0; index < 4; index++)
        {
            log.Add();
        }

        log.Add("interval");
        log.Close();
        return log;
    }
}
