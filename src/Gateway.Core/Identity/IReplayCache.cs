namespace Gateway.Core.Identity;

/// <summary>Remembers which proofs have been used, so that each counts once (RFC 9449, section 11.1).</summary>
internal interface IReplayCache
{
    /// <summary>Uses a proof up. Of any number of concurrent calls with one proof, one is told that it is the first.</summary>
    /// <param name="proof">Names the proof; 128 bits of a cryptographic hash.</param>
    /// <param name="until">When the proof stops being accepted anyway, so that it may be forgotten.</param>
    /// <param name="cancellationToken">The call's own end.</param>
    ValueTask<ReplayCheck> UseAsync(UInt128 proof, DateTimeOffset until, CancellationToken cancellationToken);
}
