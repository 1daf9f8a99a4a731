namespace Gateway.Configuration;

/// <summary>What holds the index of the call log.</summary>
internal enum CallIndexProvider
{
    /// <summary>The file <c>calls-index.db</c> in the data directory, of one gateway alone.</summary>
    Embedded,

    /// <summary>A PostgreSQL database that several gateways share, so that each finds the calls of all.</summary>
    PostgreSql,
}
