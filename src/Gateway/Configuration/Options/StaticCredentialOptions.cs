using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>A long-lived secret that cannot be issued on demand; somebody owns it, and it has an end. Field for injection: <c>{value}</c>.</summary>
internal sealed record StaticCredentialOptions() : CredentialOptions(new InjectOptions { Header = "Authorization", Value = "Bearer {value}" })
{
    /// <summary>Where the secret is read.</summary>
    [Expects("a reference: secret:NAME, env:NAME, file:PATH or vault:PATH#FIELD")]
    public required SecretReference Value { get; init; }

    /// <summary>Who answers for the secret and replaces it; in the record of every call that uses it.</summary>
    [Expects("who answers for the secret and replaces it, such as \"crm team\"")]
    public required string Owner { get; init; }

    /// <summary>When the secret stops being used. Written as a date, it is that day's end in UTC. Within 14 days of it, readiness is degraded.</summary>
    [Expects("the secret's last day such as \"2027-01-31\", or a time such as \"2027-01-31T12:00:00Z\"")]
    public required DateTimeOffset NotAfter { get; init; }
}
