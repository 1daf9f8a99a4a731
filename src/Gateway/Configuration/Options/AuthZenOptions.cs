using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>A policy decision point that speaks OpenID AuthZEN 1.0, through its Access Evaluation API.</summary>
internal sealed record AuthZenOptions
{
    /// <summary>The server's base URL, https (http on a loopback host); <c>/access/v1/evaluation</c> is appended.</summary>
    [Expects("the server's base URL such as \"https://pdp.example\"")]
    public required string Url { get; init; }

    /// <summary>How long a decision may take; a call that gets none by then is denied. 10 milliseconds to 1 minute. Default: 2 seconds.</summary>
    [Between("00:00:00.01", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the bearer token for the server is read. Null: none is sent.</summary>
    [Expects("a reference: secret:NAME, env:NAME or file:PATH")]
    public SecretReference? Token { get; init; }
}
