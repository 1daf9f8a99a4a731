namespace Gateway.Integrations.Sqlite;

/// <summary>The tables of the state file, as the steps by which each version made them out of the one before.</summary>
/// <remarks>Steps are only ever added, at the end: a file that exists has taken those before. Times are milliseconds since 1970.</remarks>
internal static class StateSchema
{
    public static readonly IReadOnlyList<string> Steps =
    [
        // Leases of tasks, and what has to be revoked.
        """
        CREATE TABLE revocation (
            id TEXT PRIMARY KEY,
            lease TEXT NOT NULL,
            agent TEXT NOT NULL, task TEXT NOT NULL, tool TEXT NOT NULL, credential TEXT NOT NULL, scope TEXT NOT NULL,
            kind TEXT NOT NULL,
            handle TEXT NOT NULL,              -- encrypted; empty once settled
            serves_task INTEGER NOT NULL,
            expires_at INTEGER,
            covered_by TEXT,
            noted_at INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0,  -- DebtState
            settled_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX revocation_open ON revocation (state) WHERE state = 0;
        CREATE INDEX revocation_settled ON revocation (settled_at) WHERE settled_at IS NOT NULL;

        CREATE TABLE lease (
            id TEXT PRIMARY KEY,
            agent TEXT NOT NULL, task TEXT NOT NULL, tool TEXT NOT NULL, credential TEXT NOT NULL, scope TEXT NOT NULL,
            issued_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            dies_at INTEGER,
            debt TEXT,
            uses INTEGER NOT NULL DEFAULT 0,
            uses_exact INTEGER NOT NULL DEFAULT 0,
            ended_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX lease_task ON lease (task);
        CREATE INDEX lease_debt ON lease (debt) WHERE debt IS NOT NULL;
        CREATE INDEX lease_live ON lease (id) WHERE ended_at IS NULL;
        CREATE INDEX lease_ended ON lease (ended_at) WHERE ended_at IS NOT NULL;
        """,

        // Tasks, and agents that must not call.
        """
        CREATE TABLE task (
            id TEXT PRIMARY KEY,
            agent TEXT NOT NULL,
            purpose TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            tools TEXT, scopes TEXT,           -- JSON lists of texts; null: not limited
            user TEXT, parent TEXT, txn TEXT,
            chain TEXT NOT NULL,               -- JSON list of texts
            depth INTEGER NOT NULL,
            ended_at INTEGER, end_reason TEXT, end_detail TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX task_running ON task (id) WHERE ended_at IS NULL;
        CREATE INDEX task_ended ON task (ended_at) WHERE ended_at IS NOT NULL;

        CREATE TABLE suspension (
            agent TEXT PRIMARY KEY,            -- as AgentPattern is written
            reason TEXT NOT NULL,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,

        // Whether the end of a task is in the call log; of those that had ended before, nobody remembers otherwise.
        """
        ALTER TABLE task ADD COLUMN end_recorded INTEGER NOT NULL DEFAULT 0;
        UPDATE task SET end_recorded = 1 WHERE ended_at IS NOT NULL;
        CREATE INDEX task_unrecorded ON task (id) WHERE end_recorded = 0;
        """,

        // Who ended it, for a process that has to put it into the call log after a kill.
        "ALTER TABLE task ADD COLUMN ended_by TEXT;",

        // Who issued what is to be revoked; of what was noted before, nobody remembers.
        "ALTER TABLE revocation ADD COLUMN issuer TEXT;",
    ];
}
