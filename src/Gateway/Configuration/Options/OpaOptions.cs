using Gateway.Core.Credentials;

namespace Gateway.Configuration;

/// <summary>An Open Policy Agent server that decides about calls, through its Data API.</summary>
internal sealed record OpaOptions
{
    /// <summary>The server's base URL, https (http on a loopback host); <c>/v1/data/…</c> is appended.</summary>
    [Expects("the server's base URL such as \"http://127.0.0.1:8181\"")]
    public required string Url { get; init; }

    /// <summary>
    /// Path of the rule that decides. Its value is a boolean, or an object with <c>allow</c>; undefined is a deny.
    /// </summary>
    [Expects("the rule's path such as \"gateway/allow\"")]
    public required string Path { get; init; }

    /// <summary>How long a decision may take; a call that gets none by then is denied. 10 milliseconds to 1 minute. Default: 2 seconds.</summary>
    [Between("00:00:00.01", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the bearer token for the server is read. Null: none is sent.</summary>
    [Expects("a reference: secret:NAME, env:NAME or file:PATH")]
    public SecretReference? Token { get; init; }
}
