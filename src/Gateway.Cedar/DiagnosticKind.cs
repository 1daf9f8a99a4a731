namespace Gateway.Cedar;

/// <summary>What a finding means for whoever uses the policy.</summary>
public enum DiagnosticKind
{
    /// <summary>Something that is wrong whatever the request.</summary>
    Mistake = 0,

    /// <summary>
    /// An attribute that is read although it may be absent: it is optional, or only some of the requests that the policy applies
    /// to have it. Where it is absent, the policy fails to evaluate and is skipped.
    /// </summary>
    MayBeAbsent,

    /// <summary>A <c>has</c> that is false of every request that the policy applies to; legal, and probably a misspelt name.</summary>
    NeverPresent,

    /// <summary>A policy that no request which the schema allows can satisfy.</summary>
    NeverApplies,
}
