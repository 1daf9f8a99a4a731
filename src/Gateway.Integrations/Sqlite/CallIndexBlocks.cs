using Microsoft.Data.Sqlite;

namespace Gateway.Integrations.Sqlite;

/// <summary>Goes through the blocks that a query has, in its order; the first column is the block's number.</summary>
internal sealed class CallIndexBlocks : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteDataReader _rows;
    private readonly int _step;

    /// <param name="command">The query, which is owned from here on.</param>
    /// <param name="oldestFirst">Whether its numbers ascend.</param>
    public CallIndexBlocks(SqliteCommand command, bool oldestFirst)
    {
        _command = command;
        _step = oldestFirst ? 1 : -1;
        _rows = command.ExecuteReader();
        Next();
    }

    /// <summary>Where it stands; null behind the last.</summary>
    public long? Current { get; private set; }

    /// <summary>What is in the second column.</summary>
    public byte[] Members => _rows.GetFieldValue<byte[]>(1);

    /// <summary>Goes on to a block, or where that is missing behind it.</summary>
    /// <returns>Where it stands then.</returns>
    public long? SkipTo(long block)
    {
        // Going past a block costs a fraction of what looking it up would: its members are not read.
        while (Current is { } at && (block - at) * _step > 0)
        {
            Next();
        }

        return Current;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _command.Dispose();
    }

    private void Next() => Current = _rows.Read() ? _rows.GetInt64(0) : null;
}
