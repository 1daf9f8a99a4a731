namespace Gateway.Configuration;

/// <summary>Where the gateway remembers what must survive a kill: owed revocations, the accounts of leases.</summary>
internal sealed record StateOptions
{
    /// <summary>Default: <see cref="StateProvider.Embedded"/>.</summary>
    public StateProvider Provider { get; init; } = StateProvider.Embedded;

    /// <summary>How long ended tasks and the accounts of their leases, which receipts are made of, are kept. 1 hour to 3650 days. Default: 30 days.</summary>
    [Between("01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
