namespace Gateway.Core.Identity.Jwt;

/// <summary>A verified token, or why there is none. The zero value is a refusal.</summary>
/// <remarks>Not an identity yet: that is had from <see cref="VerifiedToken.Prove"/> alone.</remarks>
internal readonly struct TokenResult
{
    private readonly IdentityResult _refusal;

    private TokenResult(VerifiedToken? token, IdentityResult refusal)
    {
        Token = token;
        _refusal = refusal;
    }

    public VerifiedToken? Token { get; }

    public IdentityResult Prove(in ProvenKeys proven) => Token?.Prove(proven) ?? _refusal;

    public static TokenResult Of(VerifiedToken token) => new(token, default);

    public static TokenResult Refuse(IdentityResult refusal) => new(null, refusal);
}
