namespace Gateway.Pipeline;

/// <summary>A refusal with what is said about it, to whom.</summary>
/// <param name="Reason">What the agent can act on.</param>
/// <param name="Detail">One sentence for the agent; no secret, no token, no issuer's words.</param>
/// <param name="RecordDetail">One sentence for the SOC; null means <paramref name="Detail"/>.</param>
/// <param name="RetryAfter">When trying again makes sense; null where it does not, or nothing is known.</param>
/// <param name="Challenge">The value of <c>WWW-Authenticate</c>; null means the reason's own, if it has one.</param>
internal sealed record Refusal(Reason Reason, string Detail, string? RecordDetail = null, TimeSpan? RetryAfter = null, string? Challenge = null)
{
    /// <summary>The methods that the path does take; the answer is then a 405 (RFC 9110, section 15.5.6). Null where that is not the trouble.</summary>
    public IReadOnlyList<string>? Allow { get; init; }
}
