namespace Gateway.Configuration;

/// <summary>What holds the gateway's state.</summary>
internal enum StateProvider
{
    /// <summary>The file <c>state.db</c> in the data directory, of one gateway alone.</summary>
    Embedded,
}
