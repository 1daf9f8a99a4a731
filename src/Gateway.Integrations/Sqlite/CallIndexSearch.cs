using System.Runtime.InteropServices;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>Finds the records that a filter's values have in common: which blocks first, then which records of these.</summary>
/// <remarks>
/// What is asked of two values with many records each and none in common costs milliseconds for ten million records, where
/// going through the one's records to look for the other's would take seconds.
/// </remarks>
internal sealed class CallIndexSearch : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _snapshot;
    private readonly CallFilter _filter;
    private readonly bool _oldestFirst;
    private readonly SqliteCommand _timely;
    private readonly SqliteCommand _place;
    private readonly List<CallIndexBlocks> _postings = [];

    public CallIndexSearch(SqliteConnection connection, SqliteTransaction snapshot, CallFilter filter, bool oldestFirst)
    {
        (_connection, _snapshot, _filter, _oldestFirst) = (connection, snapshot, filter, oldestFirst);
        _timely = Command(
            "SELECT sequence FROM call WHERE sequence BETWEEN $from AND $to AND time BETWEEN $first AND $last ORDER BY sequence",
            ("$from", 0),
            ("$to", 0),
            ("$first", filter.FirstTime),
            ("$last", filter.LastTime));
        _place = Command("SELECT segment, offset, length FROM call WHERE sequence = $sequence", ("$sequence", 0));
    }

    /// <summary>The records from a sequence number on, in the order asked for; some may turn out not to match. Once.</summary>
    public IEnumerable<(long Sequence, CallPlace Place, int Length)> From(long sequence, CancellationToken cancellationToken)
    {
        var first = sequence >> CallIndexSchema.BlockBits;
        var order = _oldestFirst ? ">= $at ORDER BY block" : "<= $at ORDER BY block DESC";
        using var blocks = new CallIndexBlocks(
            Command(
                $"SELECT block FROM block WHERE last_time >= $first AND first_time <= $last AND block {order}",
                ("$at", first),
                ("$first", _filter.FirstTime),
                ("$last", _filter.LastTime)),
            _oldestFirst);
        foreach (var key in Keys(_filter))
        {
            _postings.Add(Postings(key));
        }

        using var denied = _filter.IsAllowed == true ? Postings(CallIndexSchema.Denied) : null;

        for (var block = NextCommon(blocks, first); block is { } found; block = NextCommon(blocks, found + (_oldestFirst ? 1 : -1)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var members = Members(found);
            if (denied?.SkipTo(found) == found)
            {
                members = Except(members, MemoryMarshal.Cast<byte, ushort>(denied.Members));
            }

            for (var i = 0; i < members.Count; i++)
            {
                var at = (found << CallIndexSchema.BlockBits) + members[_oldestFirst ? i : members.Count - 1 - i];
                if ((_oldestFirst ? at >= sequence : at <= sequence) && Place(at) is { } place)
                {
                    yield return (at, place.Place, place.Length);
                }
            }
        }

        CallIndexBlocks Postings(long key) =>
            new(Command($"SELECT block, members FROM posting WHERE key = $key AND block {order}", ("$at", first), ("$key", key)), _oldestFirst);
    }

    public void Dispose()
    {
        foreach (var posting in _postings)
        {
            posting.Dispose();
        }

        _timely.Dispose();
        _place.Dispose();
    }

    /// <summary>What is usually rare first.</summary>
    private static IEnumerable<long> Keys(CallFilter filter)
    {
        foreach (var (field, value) in new[] { (CallKey.Task, filter.Task), (CallKey.Agent, filter.Agent), (CallKey.Reason, filter.Reason), (CallKey.Tool, filter.Tool) })
        {
            if (value is not null)
            {
                yield return CallKey.Of(field, value);
            }
        }

        if (filter.IsAllowed == false)
        {
            yield return CallIndexSchema.Denied;
        }
    }

    /// <summary>The next block, from this one on, in which every value has records and whose times are not all out of range.</summary>
    private long? NextCommon(CallIndexBlocks blocks, long block)
    {
        while (blocks.SkipTo(block) is { } common)
        {
            block = common;
            foreach (var posting in _postings)
            {
                if (posting.SkipTo(block) is not { } further)
                {
                    return null;
                }

                block = further;
            }

            if (block == common)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Those of a block that have every value, ascending.</summary>
    private List<ushort> Members(long block)
    {
        var common = _filter.HasTimes || _postings.Count == 0 ? Timely(block) : null;
        foreach (var posting in _postings)
        {
            if (common is { Count: 0 })
            {
                break;
            }

            var members = MemoryMarshal.Cast<byte, ushort>(posting.Members);
            common = common is null ? [.. members] : Common(common, members);
        }

        return common ?? [];
    }

    private List<ushort> Timely(long block)
    {
        var from = block << CallIndexSchema.BlockBits;
        _timely.Parameters[0].Value = from;
        _timely.Parameters[1].Value = from + CallIndexSchema.BlockSize - 1;
        using var rows = _timely.ExecuteReader();
        var members = new List<ushort>();
        while (rows.Read())
        {
            members.Add((ushort)(rows.GetInt64(0) - from));
        }

        return members;
    }

    private static List<ushort> Common(List<ushort> one, ReadOnlySpan<ushort> other)
    {
        var common = new List<ushort>(Math.Min(one.Count, other.Length));
        for (int i = 0, j = 0; i < one.Count && j < other.Length;)
        {
            var difference = one[i] - other[j];
            if (difference == 0)
            {
                common.Add(one[i]);
            }

            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }

        return common;
    }

    private static List<ushort> Except(List<ushort> all, ReadOnlySpan<ushort> others)
    {
        var rest = new List<ushort>(all.Count);
        foreach (var member in all)
        {
            while (others is [var other, ..] && other < member)
            {
                others = others[1..];
            }

            if (others is not [var first, ..] || first != member)
            {
                rest.Add(member);
            }
        }

        return rest;
    }

    private (CallPlace Place, int Length)? Place(long sequence)
    {
        _place.Parameters[0].Value = sequence;
        using var row = _place.ExecuteReader();
        return row.Read() ? (new CallPlace(row.GetInt64(0), row.GetInt64(1)), row.GetInt32(2)) : null;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, long Value)> parameters)
    {
        var command = new SqliteCommand(sql, _connection, _snapshot);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
