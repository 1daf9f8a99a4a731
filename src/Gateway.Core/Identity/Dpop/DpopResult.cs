namespace Gateway.Core.Identity.Dpop;

/// <summary>A proven key, or why none is. The zero value proves nothing.</summary>
internal readonly struct DpopResult
{
    private DpopResult(string? provenKey, IdentityFailure failure)
    {
        ProvenKey = provenKey;
        Failure = failure;
    }

    /// <summary>The RFC 7638 thumbprint of the key; null where the proof failed.</summary>
    public string? ProvenKey { get; }

    /// <summary>Meaningless while <see cref="ProvenKey"/> is set.</summary>
    public IdentityFailure Failure { get; }

    public static DpopResult Proven(string thumbprint) => new(thumbprint, default);

    public static DpopResult Fail(IdentityFailure failure) => new(null, failure);
}
