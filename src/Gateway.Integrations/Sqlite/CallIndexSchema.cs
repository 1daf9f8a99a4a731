namespace Gateway.Integrations.Sqlite;

/// <summary>The tables of the call log's index. An index of another version is made anew, so there are no steps between them.</summary>
internal static class CallIndexSchema
{
    public const int Version = 1;

    /// <summary>Records come in blocks of 4,096: what a value is found by is one row per block, not one per record.</summary>
    public const int BlockBits = 12;

    public const int BlockSize = 1 << BlockBits;

    /// <summary>The key of what was denied. What was allowed, which is nearly everything, is what this does not have.</summary>
    public const long Denied = 1;

    public const string Tables = """
        CREATE TABLE call (
            sequence INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,             -- when the call began; milliseconds since 1970
            call INTEGER NOT NULL,             -- CallKey.OfCall
            segment INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX call_id ON call (call);

        CREATE TABLE block (
            block INTEGER PRIMARY KEY,
            first_time INTEGER NOT NULL, last_time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE posting (
            key INTEGER NOT NULL,              -- CallKey of an agent, a tool, …
            block INTEGER NOT NULL,
            members BLOB NOT NULL,             -- which records of the block have it: two bytes each, ascending
            PRIMARY KEY (key, block)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX posting_block ON posting (block);

        CREATE TABLE position (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            last INTEGER NOT NULL,             -- the last record that is covered, its place and its line's SHA-256
            segment INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
            sha256 BLOB NOT NULL
        ) STRICT;
        """;
}
