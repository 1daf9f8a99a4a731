using System.Collections.ObjectModel;
using System.Text.Json;

namespace Gateway.Configuration;

/// <summary>
/// What one of Vault's secrets engines issues. Fields for injection: the members of the answer's "data" by name, such as
/// <c>{username}</c> and <c>{password}</c>, <c>{token}</c>; those of an object behind its name and a dot. Lists are left out.
/// </summary>
internal sealed record VaultCredentialOptions() : CredentialOptions(new InjectOptions { Header = "Authorization", Value = "Bearer {token}" })
{
    /// <summary>The API's path behind <c>/v1/</c>.</summary>
    [Expects("the API's path behind /v1/ such as \"crm/creds/agent\"")]
    public required string Path { get; init; }

    /// <summary>How the path is asked. Null: GET, or POST where there are <see cref="Parameters"/>.</summary>
    public VaultRequestMethod? Method { get; init; }

    /// <summary>The members of the JSON body of a POST, of any JSON type. Default: none.</summary>
    [Expects("parameters such as { \"ttl\": \"10m\" }")]
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } = ReadOnlyDictionary<string, JsonElement>.Empty;

    /// <summary>
    /// Whether revoking its lease ends the credential. Null: as the answer tells, which is yes for whatever has a lease but
    /// AWS STS tokens.
    /// </summary>
    public bool? Revocable { get; init; }

    /// <summary>Who answers for a secret that Vault merely keeps (KV) and replaces it. Null: nobody; required for a path of a KV mount (<c>…/data/…</c>).</summary>
    [Expects("who answers for the secret and replaces it, such as \"crm team\"")]
    public string? Owner { get; init; }

    /// <summary>When a secret that Vault merely keeps (KV) stops being used. Written as a date, it is that day's end in UTC. Null: never; required for a path of a KV mount (<c>…/data/…</c>).</summary>
    [Expects("the secret's last day such as \"2027-01-31\", or a time such as \"2027-01-31T12:00:00Z\"")]
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Whether the secret is kept and not issued: the path is one of KV version 2, or an end is given.</summary>
    public bool IsKept => Path.Split('/').ElementAtOrDefault(1) == "data" || NotAfter is not null;
}
