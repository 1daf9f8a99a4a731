namespace Gateway.Core.Identity;

/// <summary>Asks a token's issuer whether it still stands by a token that has verified.</summary>
internal interface ITokenReviewer
{
    /// <summary>Never throws for what the issuer does or fails to do: that is a refusal.</summary>
    /// <param name="token">The token's text.</param>
    /// <param name="subject">Its <c>sub</c>, which the issuer must name as well.</param>
    /// <param name="cancellationToken">The call's own end; the question itself goes on, for others wait for it too.</param>
    ValueTask<TokenReview> ReviewAsync(string token, string subject, CancellationToken cancellationToken);
}
