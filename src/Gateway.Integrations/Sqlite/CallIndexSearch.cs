using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;
using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>Finds the records that a filter's values have in common: which blocks first, then which records of these.</summary>
/// <remarks>
/// What is asked of two values with many records each and none in common costs a few milliseconds for ten million records,
/// where going through the one's records to look for the other's would take seconds.
/// </remarks>
internal sealed class CallIndexSearch : IDisposable
{
    private const string Newest = "<= $at ORDER BY block DESC LIMIT 1";
    private const string Oldest = ">= $at ORDER BY block LIMIT 1";

    private readonly SqliteCommand _nextBlock;
    private readonly SqliteCommand _nextPosting;
    private readonly SqliteCommand _members;
    private readonly SqliteCommand _timely;
    private readonly SqliteCommand _call;
    private readonly CallFilter _filter;
    private readonly bool _oldestFirst;
    private readonly List<long> _keys;

    public CallIndexSearch(SqliteConnection connection, SqliteTransaction snapshot, CallFilter filter, bool oldestFirst)
    {
        var next = oldestFirst ? Oldest : Newest;
        _filter = filter;
        _oldestFirst = oldestFirst;
        _keys = Keys(filter);
        _nextBlock = Command($"SELECT block FROM block WHERE last_time >= $first AND first_time <= $last AND block {next}", "$at", "$first", "$last");
        _nextPosting = Command($"SELECT block FROM posting WHERE key = $key AND block {next}", "$at", "$key");
        _members = Command("SELECT members FROM posting WHERE key = $key AND block = $block", "$key", "$block");
        _timely = Command(
            "SELECT sequence FROM call WHERE sequence BETWEEN $from AND $to AND time BETWEEN $first AND $last ORDER BY sequence", "$from", "$to", "$first", "$last");
        _call = Command("SELECT segment, offset, length FROM call WHERE sequence = $sequence", "$sequence");

        SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
        {
            var command = new SqliteCommand(sql, connection, snapshot);
            foreach (var name in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            return command;
        }
    }

    /// <summary>The records from a sequence number on, in the order asked for; some may turn out not to match.</summary>
    public IEnumerable<(long Sequence, CallPlace Place, int Length)> From(long sequence, CancellationToken cancellationToken)
    {
        var step = _oldestFirst ? 1 : -1;
        for (var block = sequence >> CallIndexSchema.BlockBits; NextBlock(block) is { } found; block = found + step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var members = Members(found);
            for (var i = 0; i < members.Count; i++)
            {
                var at = (found << CallIndexSchema.BlockBits) + members[_oldestFirst ? i : members.Count - 1 - i];
                if ((_oldestFirst ? at >= sequence : at <= sequence) && Place(at) is { } place)
                {
                    yield return (at, place.Place, place.Length);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var command in new[] { _nextBlock, _nextPosting, _members, _timely, _call })
        {
            command.Dispose();
        }
    }

    private static List<long> Keys(CallFilter filter)
    {
        var keys = new List<long>();
        foreach (var (field, value) in new[] { (CallKey.Task, filter.Task), (CallKey.Agent, filter.Agent), (CallKey.Reason, filter.Reason), (CallKey.Tool, filter.Tool) })
        {
            if (value is not null)
            {
                keys.Add(CallKey.Of(field, value));
            }
        }

        if (filter.IsAllowed is { } allowed)
        {
            keys.Add(CallKey.OfDecision(allowed));
        }

        return keys;
    }

    /// <summary>The next block, this one included, in which every value has records, and whose times are not all out of range.</summary>
    private long? NextBlock(long block)
    {
        while (true)
        {
            if (Scalar(_nextBlock, block, _filter.FirstTime, _filter.LastTime) is not { } found)
            {
                return null;
            }

            foreach (var key in _keys)
            {
                if (Scalar(_nextPosting, found, key) is not { } further)
                {
                    return null;
                }

                found = further;
            }

            if (found == block || _keys.Count == 0)
            {
                return found;
            }

            block = found;
        }
    }

    /// <summary>Those of a block that have every value, ascending.</summary>
    private List<ushort> Members(long block)
    {
        var common = _filter.HasTimes || _keys.Count == 0 ? Timely(block) : null;
        foreach (var key in _keys)
        {
            if (common is { Count: 0 })
            {
                break;
            }

            _members.Parameters[0].Value = key;
            _members.Parameters[1].Value = block;
            var members = MemoryMarshal.Cast<byte, ushort>((byte[]?)_members.ExecuteScalar() ?? []);
            common = common is null ? [.. members] : Common(common, members);
        }

        return common ?? [];
    }

    private List<ushort> Timely(long block)
    {
        var from = block << CallIndexSchema.BlockBits;
        Set(_timely, from, from + CallIndexSchema.BlockSize - 1, _filter.FirstTime, _filter.LastTime);
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

    private (CallPlace Place, int Length)? Place(long sequence)
    {
        Set(_call, sequence);
        using var row = _call.ExecuteReader();
        return row.Read() ? (new CallPlace(row.GetInt64(0), row.GetInt64(1)), row.GetInt32(2)) : null;
    }

    private static long? Scalar(SqliteCommand command, params ReadOnlySpan<long> values)
    {
        Set(command, values);
        return command.ExecuteScalar() is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }
}
