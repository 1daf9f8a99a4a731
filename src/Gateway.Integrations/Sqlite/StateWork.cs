namespace Gateway.Integrations.Sqlite;

/// <summary>Something to do with the state file, and the promise to tell how it went.</summary>
internal abstract class StateWork
{
    /// <summary>Does it, inside a transaction; may be repeated after one that failed.</summary>
    public abstract void Run(StateTransaction transaction);

    /// <summary>The transaction was committed.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}
