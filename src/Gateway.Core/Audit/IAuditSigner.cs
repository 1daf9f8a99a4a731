namespace Gateway.Core.Audit;

/// <summary>What vouches for receipts and for the call log: a key in this process, or in a system that signs with it on request.</summary>
/// <remarks>Safe for concurrent use. The key may change between two signatures, and each names its own; hence the signer makes the whole JWS.</remarks>
internal interface IAuditSigner
{
    /// <summary>The public keys that its signatures verify with, in PEM, the newest last; more than one where the key was changed while it was used.</summary>
    IReadOnlyList<string> PublicKeys { get; }

    /// <summary>A compact JWS (RFC 7515 §7.1), ES256, that verifies with one of <see cref="PublicKeys"/>.</summary>
    /// <param name="type">Its <c>typ</c>.</param>
    /// <param name="payload">What it vouches for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AuditSigningException">There is no signature to be had now.</exception>
    ValueTask<string> SignCompactAsync(string type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);
}
