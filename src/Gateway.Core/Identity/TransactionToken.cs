using System.Text.Json;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Core.Identity;

/// <summary>What a verified Transaction Token says (draft-ietf-oauth-transaction-tokens): on whose behalf, through whom, and for what.</summary>
/// <remarks>It is context and no credential: it says nothing about who presents it. Its <c>tctx</c>, <c>rctx</c> and <c>azd</c> are not read.</remarks>
internal sealed record TransactionToken
{
    /// <summary>The header's <c>typ</c>.</summary>
    public const string Type = "txntoken+jwt";

    /// <summary>What is read of the token beside the claims that all tokens have.</summary>
    public static readonly IReadOnlyList<string> Claims = ["txn", "scope", "req_wl", MayAct];

    private const string MayAct = "may_act";
    private const int MaxText = 256;
    private const int MaxScopes = 100;

    /// <summary><c>txn</c>: what all tokens and records of one transaction have in common.</summary>
    public required string Id { get; init; }

    /// <summary><c>sub</c>, on whose behalf it all happens, as <c>&lt;issuer name&gt;:&lt;subject&gt;</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>From whom it came to the agent, nearest first: the workload that asked for the token, where it says so, and the subject.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary><c>scope</c>; null where it has none.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary><c>exp</c>: nothing that it is the reason for lasts longer.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <param name="verified">What was verified of the token.</param>
    /// <param name="agent">Who presents it.</param>
    /// <param name="agentIssuers">Those that name agents.</param>
    /// <param name="failure">Why it cannot be used by this agent.</param>
    /// <returns>Null where it cannot.</returns>
    public static TransactionToken? Read(AgentIdentity verified, AgentIdentity agent, IssuerSet agentIssuers, out IdentityFailure failure)
    {
        failure = IdentityFailure.TransactionInvalid;
        if (!TryText(verified, "txn", out var id) || id is null || !TryText(verified, "req_wl", out var requester) || !TryText(verified, "scope", out var scope))
        {
            return null;
        }

        string[]? scopes = scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (scopes is { Length: 0 or > MaxScopes })
        {
            return null;
        }

        if (verified.Claims.TryGetValue(MayAct, out var mayAct) && !Permits(mayAct, verified, agent, agentIssuers))
        {
            failure = IdentityFailure.ActorNotPermitted;
            return null;
        }

        // Where the token has actors (act), its subject is whom they act for.
        var subject = verified.OnBehalfOf ?? verified.Id;
        IEnumerable<string> chain = verified.OnBehalfOf is null ? [subject] : [verified.Id, .. verified.EarlierActors, subject];
        return new TransactionToken
        {
            Id = id,
            Subject = subject,
            Chain = requester is null || requester == agent.Id ? [.. chain] : [requester, .. chain],
            Scopes = scopes,
            ExpiresAt = verified.ExpiresAt,
        };
    }

    /// <summary>RFC 8693 §4.4: who may act for the subject. A statement that cannot be understood permits nobody.</summary>
    private static bool Permits(JsonElement mayAct, AgentIdentity verified, AgentIdentity agent, IssuerSet agentIssuers)
    {
        if (mayAct.ValueKind != JsonValueKind.Object
            || mayAct.EnumerateObject().Any(member => member.Name is not ("sub" or "iss") || member.Value.ValueKind != JsonValueKind.String)
            || !mayAct.TryGetProperty("sub", out var sub)
            || sub.GetString() is not { Length: > 0 } subject)
        {
            return false;
        }

        if (mayAct.TryGetProperty("iss", out var iss))
        {
            // Where agents are named by other claims than sub, a subject could be spelled so as to be another agent's id.
            return agentIssuers.TryGet(iss.GetString() ?? "", out var issuer)
                && issuer.Definition.AgentId.Equals(AgentIdTemplate.Subject)
                && agent.Id == issuer.AgentId(subject);
        }

        // Without an issuer it is the token's own; a SPIFFE ID needs none.
        return agent.Id == (subject.StartsWith("spiffe://", StringComparison.Ordinal) ? subject : $"{verified.Issuer}:{subject}");
    }

    /// <summary>False where the claim is there and cannot be used.</summary>
    private static bool TryText(AgentIdentity verified, string claim, out string? text)
    {
        text = null;
        if (!verified.Claims.TryGetValue(claim, out var value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 and <= MaxText } && SafeText.IsPlain(text);
    }
}
