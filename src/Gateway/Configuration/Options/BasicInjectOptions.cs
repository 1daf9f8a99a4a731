namespace Gateway.Configuration;

/// <summary>HTTP Basic (RFC 7617).</summary>
internal sealed record BasicInjectOptions
{
    /// <summary>The user, plain or with placeholders; no colon.</summary>
    [Expects("the user, such as \"gateway\"")]
    public required string User { get; init; }

    /// <summary>The password, with a placeholder.</summary>
    [Expects("a placeholder such as \"{value}\"")]
    public required string Password { get; init; }
}
