using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>What calls are looked for with. A convenience beside the call log: it can be lost and is made anew, and no call depends on it.</summary>
internal sealed record CallIndexOptions
{
    /// <summary>Default: <see cref="CallIndexProvider.Embedded"/>.</summary>
    public CallIndexProvider Provider { get; init; } = CallIndexProvider.Embedded;

    /// <summary>
    /// Where the database is, as Npgsql has it: "Host=db;Database=gateway;Username=gateway;Password=…". A reference, because
    /// it has the password in it. Required for <see cref="CallIndexProvider.PostgreSql"/>, null otherwise.
    /// </summary>
    public SecretReference? ConnectionString { get; init; }
}
