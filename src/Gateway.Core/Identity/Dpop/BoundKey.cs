namespace Gateway.Core.Identity.Dpop;

/// <summary>The key that a token is bound to, with what an earlier proof has taught about it.</summary>
/// <remarks>
/// A client sends the same header with every proof, so its text is read, and the key in it imported, once per token. The cache of
/// verified tokens bounds how many keys are held.
/// </remarks>
internal sealed class BoundKey(string thumbprint)
{
    private ProofHeader? _last;

    /// <summary>RFC 7638, SHA-256, base64url.</summary>
    public string Thumbprint => thumbprint;

    /// <summary>The header with exactly this text, if it is the last one of a proof that verified under this key.</summary>
    public ProofHeader? Recall(ReadOnlySpan<char> text) =>
        Volatile.Read(ref _last) is { } last && text.SequenceEqual(last.Text) ? last : null;

    /// <param name="header">Of a proof that verified under this key.</param>
    public void Remember(ProofHeader header)
    {
        // Not for each proof: calls with one token would fight for its cache line.
        if (!ReferenceEquals(header, Volatile.Read(ref _last)))
        {
            Volatile.Write(ref _last, header);
        }
    }
}
