namespace Gateway.Core.Audit;

/// <summary>Asks for signatures, and never waits for long.</summary>
internal static class AuditSigning
{
    /// <summary>
    /// For one signature, with the login and the repetitions that it may take elsewhere. Those fit into it when they succeed at
    /// all; and what is recorded meanwhile waits in memory, which holds three seconds of 20,000 calls a second
    /// (<see cref="CallJournalOptions.MaxPending"/>).
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <inheritdoc cref="IAuditSigner.SignCompactAsync"/>
    /// <param name="signer">Who signs. One that does not heed its token is left behind.</param>
    /// <param name="type">The <c>typ</c>.</param>
    /// <param name="payload">What is vouched for.</param>
    /// <param name="clock">Measures <see cref="Timeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static ValueTask<string> SignInTimeAsync(
        this IAuditSigner signer, string type, ReadOnlyMemory<byte> payload, TimeProvider clock, CancellationToken cancellationToken)
    {
        var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var signing = signer.SignCompactAsync(type, payload, abandoned.Token);
        if (!signing.IsCompletedSuccessfully)
        {
            return WaitAsync(signing.AsTask(), abandoned, clock, cancellationToken);
        }

        abandoned.Dispose();
        return signing;
    }

    private static async ValueTask<string> WaitAsync(Task<string> signing, CancellationTokenSource abandoned, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await signing.WaitAsync(Timeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new AuditSigningException($"There was no signature within {Timeout.TotalSeconds:0} s.");
        }
        finally
        {
            // Ahead of its disposal, which would keep it from telling a signer that nobody waits any more.
            await abandoned.CancelAsync();
            abandoned.Dispose();
        }
    }
}
