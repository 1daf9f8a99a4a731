namespace Gateway.Core.Credentials;

/// <summary>How persistently issuers are asked to revoke.</summary>
internal sealed record RevocationOptions
{
    /// <summary>How long an attempt may take; default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure; doubles with each further one. Default 1 s.</summary>
    public TimeSpan MinimumPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause; default 5 min.</summary>
    public TimeSpan MaximumPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts at once for one credential, so that an issuer is not flooded when many tasks end. Default 8.</summary>
    public int Concurrency { get; init; } = 8;
}
