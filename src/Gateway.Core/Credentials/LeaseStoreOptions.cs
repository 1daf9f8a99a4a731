namespace Gateway.Core.Credentials;

/// <summary>The lease store's limits.</summary>
internal sealed record LeaseStoreOptions
{
    /// <summary>How long an issuer may take, whoever waits; default 10 s.</summary>
    public TimeSpan IssueTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many keys may hold a lease; beyond it new ones are refused, since evicting would let one agent end the leases of another. Default 100,000.</summary>
    public int Capacity { get; init; } = 100_000;

    /// <summary>How often leases that have expired are taken out of memory and revoked; default 10 s. They are not used in the meantime.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a lease that was replaced is left for calls that acquired it before; default 30 s.</summary>
    public TimeSpan SupersededGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause after an issuer's first failure; doubles with each further one. Default 1 s.</summary>
    public TimeSpan MinimumBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause; default 60 s.</summary>
    public TimeSpan MaximumBackoff { get; init; } = TimeSpan.FromSeconds(60);
}
