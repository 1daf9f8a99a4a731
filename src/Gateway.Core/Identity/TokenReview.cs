namespace Gateway.Core.Identity;

/// <summary>An issuer's word for a token. The zero value refuses.</summary>
internal readonly record struct TokenReview
{
    /// <summary>Whether the issuer stands by the token.</summary>
    public bool Stands { get; private init; }

    /// <summary>Why it is refused; meaningless where <see cref="Stands"/>.</summary>
    public IdentityFailure Failure { get; private init; }

    /// <summary>From when the issuer must be asked again.</summary>
    public DateTimeOffset Until { get; private init; }

    public static TokenReview Good(DateTimeOffset until) => new() { Stands = true, Until = until };

    public static TokenReview Bad(IdentityFailure failure, DateTimeOffset until) => new() { Failure = failure, Until = until };
}
