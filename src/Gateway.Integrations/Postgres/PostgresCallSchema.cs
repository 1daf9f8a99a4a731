namespace Gateway.Integrations.Postgres;

/// <summary>The tables that several gateways share. Each writes the rows of its own log, and reads all.</summary>
internal static class PostgresCallSchema
{
    /// <summary>Taken while tables are made, so that gateways which start together do not make them twice.</summary>
    public const string Tables = """
        SELECT pg_advisory_xact_lock(5270143968125);
        CREATE TABLE IF NOT EXISTS gateway_log (
            log uuid PRIMARY KEY,
            last bigint NOT NULL,              -- the last record that is covered, its place in the files and its line's SHA-256
            segment bigint NOT NULL, "offset" bigint NOT NULL, length integer NOT NULL,
            sha256 bytea NOT NULL
        );
        CREATE TABLE IF NOT EXISTS gateway_call (
            log uuid NOT NULL, sequence bigint NOT NULL,
            time bigint NOT NULL,              -- when the call began; milliseconds since 1970
            call text NOT NULL,
            agent bigint, tool bigint, reason bigint, task bigint, -- CallKey
            allowed boolean NOT NULL,
            event text NOT NULL,               -- the line; the gateway that answers may not have the file
            PRIMARY KEY (log, sequence)
        );
        CREATE INDEX IF NOT EXISTS gateway_call_time ON gateway_call (time, log, sequence);
        CREATE INDEX IF NOT EXISTS gateway_call_agent ON gateway_call (agent, time, log, sequence);
        CREATE INDEX IF NOT EXISTS gateway_call_tool ON gateway_call (tool, time, log, sequence);
        CREATE INDEX IF NOT EXISTS gateway_call_reason ON gateway_call (reason, time, log, sequence) WHERE reason IS NOT NULL;
        CREATE INDEX IF NOT EXISTS gateway_call_task ON gateway_call (task, time, log, sequence) WHERE task IS NOT NULL;
        CREATE INDEX IF NOT EXISTS gateway_call_denied ON gateway_call (time, log, sequence) WHERE NOT allowed;
        CREATE INDEX IF NOT EXISTS gateway_call_id ON gateway_call (call);
        """;
}
