namespace Gateway.Core.Identity.Kinds;

/// <summary>One claim of an agent id with the text around it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Before">Text between the part before and the claim.</param>
/// <param name="After">Text behind the claim that belongs to nothing else: at the end, or before the bracket.</param>
/// <param name="Optional">Whether it is left out where its claim is absent.</param>
internal sealed record AgentIdPart(ClaimPath Claim, string Before, string After, bool Optional)
{
    /// <summary>The character that tells where the claim ends, since another claim follows; null where none does.</summary>
    public char? End { get; init; }
}
