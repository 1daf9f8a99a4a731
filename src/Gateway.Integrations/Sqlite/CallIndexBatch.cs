using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>Writes records into the index, inside one transaction.</summary>
internal sealed class CallIndexBatch(SqliteConnection connection, SqliteTransaction transaction)
{
    private readonly Dictionary<(long Key, long Block), List<ushort>> _postings = [];
    private readonly Dictionary<long, (long First, long Last)> _blocks = [];
    private readonly Dictionary<(char Field, string Value), long> _keys = [];

    public void Add(IReadOnlyList<IndexedCall> calls)
    {
        using var insert = Command(
            "INSERT INTO call (sequence, time, call, segment, offset, length) VALUES ($sequence, $time, $call, $segment, $offset, $length)",
            "$sequence", "$time", "$call", "$segment", "$offset", "$length");
        foreach (var (facts, line) in calls)
        {
            Execute(insert, facts.Sequence, facts.Time, CallKey.OfCall(facts.Call) ?? 0, line.Place.Segment, line.Place.Offset, line.Json.Length);
            Note(facts);
        }

        WriteBlocks();
        WritePostings();
    }

    /// <summary>Notes that every record up to this one is covered.</summary>
    public void Cover(CallLogLine last)
    {
        using var update = Command(
            "INSERT OR REPLACE INTO position (id, last, segment, offset, length, sha256) VALUES (1, $last, $segment, $offset, $length, $sha256)",
            "$last", "$segment", "$offset", "$length", "$sha256");
        Execute(update, last.Sequence, last.Place.Segment, last.Place.Offset, last.Json.Length, SHA256.HashData(last.Json.Span));
    }

    /// <summary>The numbers of all that a call is found by.</summary>
    private IEnumerable<long> Keys(CallFacts facts)
    {
        if (!facts.IsAllowed)
        {
            yield return CallIndexSchema.Denied;
        }

        foreach (var (field, value) in new[] { (CallKey.Agent, facts.Agent), (CallKey.Tool, facts.Tool), (CallKey.Reason, facts.Reason), (CallKey.Task, facts.Task) })
        {
            if (value is not null)
            {
                yield return KeyOf(field, value);
            }
        }
    }

    /// <summary>Few values are in most of the calls.</summary>
    private long KeyOf(char field, string value)
    {
        ref var key = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, (field, value), out var isKnown);
        return isKnown ? key : key = CallKey.Of(field, value);
    }

    private void Note(CallFacts facts)
    {
        var block = facts.Sequence >> CallIndexSchema.BlockBits;
        _blocks[block] = _blocks.TryGetValue(block, out var times)
            ? (Math.Min(times.First, facts.Time), Math.Max(times.Last, facts.Time))
            : (facts.Time, facts.Time);
        foreach (var key in Keys(facts))
        {
            ref var members = ref CollectionsMarshal.GetValueRefOrAddDefault(_postings, (key, block), out _);
            (members ??= []).Add((ushort)(facts.Sequence & (CallIndexSchema.BlockSize - 1)));
        }
    }

    private void WriteBlocks()
    {
        using var upsert = Command(
            """
            INSERT INTO block (block, first_time, last_time) VALUES ($block, $first, $last)
            ON CONFLICT DO UPDATE SET first_time = min(first_time, excluded.first_time), last_time = max(last_time, excluded.last_time)
            """,
            "$block", "$first", "$last");
        foreach (var (block, (first, last)) in _blocks)
        {
            Execute(upsert, block, first, last);
        }
    }

    private void WritePostings()
    {
        using var upsert = Command(
            """
            INSERT INTO posting (key, block, members) VALUES ($key, $block, $members)
            ON CONFLICT DO UPDATE SET members = CAST(members || excluded.members AS BLOB)
            """,
            "$key", "$block", "$members");
        foreach (var ((key, block), members) in _postings)
        {
            Execute(upsert, key, block, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(members)).ToArray());
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = new SqliteCommand(sql, connection, transaction);
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private static void Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }
}
