using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Tests.Audit.Verification;

/// <summary>A call log made from <c>deploy/call-log.md</c> alone, in memory, so that it can be tampered with.</summary>
internal sealed class TestLog
{
    private const long Epoch = 1_795_300_000_000;
    private static readonly string NoDigits = new('0', 64);

    private readonly List<List<TestRecord>> _records = [[]];
    private readonly Dictionary<long, string> _chains = new() { [0] = NoDigits };
    private readonly Dictionary<long, string> _lines = [];
    private readonly HashSet<long> _statements = [];
    private string _chain = NoDigits;
    private long _sequence;
    private int _deleted;

    public TestLog(TestKey key, string? id = null)
    {
        Key = key;
        Id = id ?? Guid.NewGuid().ToString();
        Add("opening");
    }

    public TestKey Key { get; }

    public string Id { get; }

    public long Last => _sequence;

    /// <summary>File names and bytes, in order.</summary>
    public List<(string Name, byte[] Bytes)> Segments =>
        [.. Sequences().Skip(_deleted).Select(numbers => (Name(numbers[0]), Encoding.ASCII.GetBytes(string.Concat(numbers.Select(n => _lines[n] + "\n")))))];

    public string? Head { get; set; }

    public long HeadSequence { get; private set; }

    /// <summary>The newest record about a deletion; 0 where there is none.</summary>
    public long RetentionAt { get; private set; }

    public long First => Sequences().Skip(_deleted).First()[0];

    /// <summary>The last record that a statement vouches for.</summary>
    public long Covered => Math.Max(HeadSequence, _statements.Max());

    /// <summary>Records that the statements on file and the head are about.</summary>
    public IReadOnlyCollection<long> Vouched => [.. _statements, HeadSequence];

    public static string Name(long first) => $"calls-20261122T0{first % 10}0000Z-{first:D16}.jsonl";

    public string Line(long sequence) => _lines[sequence];

    public string Chain(long sequence) => _chains[sequence];

    public void Add(string? kind = null, long about = -1) =>
        Append(new TestRecord(kind, about, $"{Guid.NewGuid()}"), (log, record, sequence) => log.Key.Sign(log.Payload(record.Kind!, record.About < 0 ? sequence - 1 : record.About)));

    public void Rotate()
    {
        Add("rotation");
        _records.Add([]);
    }

    /// <summary>The gateway stops in good order.</summary>
    public void Close()
    {
        Add("closing");
        WriteHead(_sequence, closed: true);
    }

    /// <summary>It starts again, in a new segment or in the same.</summary>
    public void Restart(bool inNewSegment)
    {
        if (inNewSegment)
        {
            _records.Add([]);
        }

        Add("opening");
    }

    public void WriteHead(long sequence, bool closed = false)
    {
        HeadSequence = sequence;
        Head = Key.Sign(Payload("head", sequence, closed)) + "\n";
    }

    /// <summary>Deletes the first segment, unless it is the last.</summary>
    public void Retain()
    {
        if (Sequences().Skip(_deleted).Count() > 1 && _records[^1].Count > 0)
        {
            var last = Sequences().Skip(_deleted).First()[^1];
            Add("retention", last);
            RetentionAt = Last;
            WriteHead(Last);
            _deleted++;
        }
    }

    /// <summary>The same log with other records: chained anew, with the old statements or with ones by another key.</summary>
    public TestLog Forge(Func<List<List<TestRecord>>, IEnumerable<IEnumerable<TestRecord>>> change, TestKey? resigner = null, string? id = null)
    {
        var forged = new TestLog(resigner ?? Key, id ?? Id) { Head = Head, HeadSequence = HeadSequence, _deleted = _deleted };
        forged.Clear();
        var old = _records.SelectMany(r => r).Zip(Enumerable.Range(1, int.MaxValue)).ToDictionary(pair => pair.First.Text, pair => _lines[pair.Second]);
        foreach (var segment in change([.. _records.Select(r => r.ToList())]))
        {
            forged._records.Add([]);
            foreach (var record in segment)
            {
                forged.Append(record, (log, each, sequence) =>
                {
                    var statement = old.TryGetValue(each.Text.TrimEnd('!'), out var line) ? line.Split("\"statement\":\"")[1].Split('"')[0] : "";
                    var about = each.About < 0 ? sequence - 1 : each.About;
                    return resigner is null || (id is null && Chain(about) == log.Chain(about)) ? statement : resigner.Sign(log.Payload(each.Kind!, about));
                });
            }
        }

        return forged;
    }

    public void ResignHead(TestKey key) => Head = key.Sign(Payload("head", HeadSequence)) + "\n";

    public void WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var (name, bytes) in Segments)
        {
            File.WriteAllBytes(Path.Combine(directory, name), bytes);
        }

        if (Head is not null)
        {
            File.WriteAllText(Path.Combine(directory, "calls.head"), Head);
        }
    }

    public string Payload(string kind, long sequence, bool closed = false) =>
        $$"""{"log":"{{Id}}","kind":"{{kind}}","sequence":{{sequence}},"chain":"{{_chains[sequence]}}","time":{{Epoch + (sequence * 100)}}{{(kind == "head" ? $",\"closed\":{(closed ? "true" : "false")}" : "")}}}""";

    private IEnumerable<List<long>> Sequences()
    {
        var next = 1L;
        foreach (var segment in _records.Where(segment => segment.Count > 0))
        {
            yield return [.. Enumerable.Range(0, segment.Count).Select(index => next + index)];
            next += segment.Count;
        }
    }

    private void Clear()
    {
        _records.Clear();
        _lines.Clear();
        _statements.Clear();
        _chains.Clear();
        _chains[0] = _chain = NoDigits;
        _sequence = 0;
    }

    private void Append(TestRecord record, Func<TestLog, TestRecord, long, string> sign)
    {
        var sequence = ++_sequence;
        var entity = record.Kind is null ? "" : $$"""
            "entity":{"type_id":99,"type":"{{(record.Kind == "retention" ? "Audit Segment" : "Audit Checkpoint")}}","uid":"x","data":{"statement":"{{sign(this, record, sequence)}}"} },
            """;
        var line = $$$"""
            {"class_uid":{{{(record.Kind is null ? 6003 : 3004)}}},"time":{{{Epoch}}},{{{entity}}}"message":"{{{record.Text}}}",
            """
            + $$$"""
            "unmapped":{"gateway":{"forwarded":true,"chain_sha256":"{{{NoDigits}}}"}},"metadata":{"version":"1.8.0","sequence":{{{sequence}}},"logged_time":{{{Epoch + (sequence * 100)}}} } }
            """;
        var digits = Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(_chain), .. Encoding.ASCII.GetBytes(line)]));
        _records[^1].Add(record);
        _lines[sequence] = line.Replace($"\"chain_sha256\":\"{NoDigits}\"", $"\"chain_sha256\":\"{digits}\"", StringComparison.Ordinal);
        _chains[sequence] = _chain = digits;
        if (record.Kind is not null and not "retention")
        {
            _statements.Add(sequence - 1);
        }
    }
}
