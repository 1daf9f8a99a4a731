namespace Gateway.Configuration;

/// <summary>One header that the gateway sets on the outgoing request: either <see cref="Header"/> and <see cref="Value"/>, or <see cref="Basic"/>.</summary>
internal sealed record InjectOptions
{
    /// <summary>Field name (RFC 9110 token). Null exactly where <see cref="Basic"/> is given.</summary>
    [Expects("a header name such as \"X-Api-Key\"")]
    public string? Header { get; init; }

    /// <summary>Field value with placeholders for the credential's fields. Null exactly where <see cref="Basic"/> is given.</summary>
    [Expects("a value with a placeholder such as \"Bearer {token}\"")]
    public string? Value { get; init; }

    /// <summary><c>Authorization: Basic</c> made of a user and a password. Null: <see cref="Header"/> and <see cref="Value"/>.</summary>
    public BasicInjectOptions? Basic { get; init; }
}
